import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Provider } from "oidc-provider";

/** panva's certified OpenID provider on a port of its own, with its own pages to sign in and consent. */
export interface Issuer {
  url: string;
  /** host:port, for OUTBOUND_ALLOW. */
  place: string;
  client: { client: string; secret: string };
  /** Registers the one client for our callback. */
  open(redirectUri: string): void;
  /** What it says of everyone's picture, "" for none. */
  picture: string;
  close(): Promise<void>;
}

const CLIENT = { client: "comments", secret: "a-secret-that-only-the-tests-know" };

export async function openIssuer(headers: Record<string, string> = {}): Promise<Issuer> {
  let provider: Provider | undefined;
  const server: Server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    void provider?.callback()(request, response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = `http://${place}`;
  const issuer: Issuer = {
    url,
    picture: "",
    place,
    client: CLIENT,
    open(redirectUri) {
      provider = new Provider(url, {
        clients: [{ client_id: CLIENT.client, client_secret: CLIENT.secret, redirect_uris: [redirectUri] }],
        claims: { openid: ["sub"], profile: ["name", "picture"], email: ["email", "email_verified"] },
        pkce: { required: () => true },
        cookies: { keys: ["only the tests know this one"] },
        findAccount: (_, id) => ({
          accountId: id,
          claims: () => ({
            sub: id,
            name: id === "anna" ? "Anna Figure" : id,
            email: `${id}@issuer.example`,
            email_verified: true,
            ...(issuer.picture !== "" && { picture: issuer.picture }),
          }),
        }),
      });
    },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return issuer;
}
