import { generateKeyPairSync } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Configuration, interactionPolicy, Provider } from "oidc-provider";
import { CLIENT } from "./listening.ts";

/** panva's certified provider, at which whoever comes is the reader of the moment, without pages to click through. */
export interface QuickIssuer {
  url: string;
  place: string;
  /** Who is there; null is one who says no. */
  reader: { id: string; claims: Record<string, unknown> } | null;
  /** What came in, as “POST /token”. */
  asked: string[];
  /** Anew, with other settings or keys; whoever was on the way there has to begin again. */
  open(redirectUri: string, more?: Configuration): void;
  close(): Promise<void>;
}

export async function openQuickIssuer(): Promise<QuickIssuer> {
  let provider: Provider;
  const server = createServer((request, response) => {
    const path = (request.url ?? "").replace(/\?.*/s, "");
    issuer.asked.push(`${request.method} ${path}`);
    if (path.startsWith("/interaction/")) void interact(provider, issuer, { request, response });
    else void provider.callback()(request, response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer: QuickIssuer = {
    url: `http://${place}`,
    place,
    reader: { id: "anna", claims: { name: "Anna Figure", email: "anna@issuer.example", email_verified: true } },
    asked: [],
    open: (redirectUri, more = {}) => void (provider = new Provider(issuer.url, configuration(issuer, redirectUri, more))),
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return issuer;
}

function configuration(issuer: QuickIssuer, redirectUri: string, more: Configuration): Configuration {
  const policy = interactionPolicy.base();
  policy.add(new interactionPolicy.Prompt({ name: "select_account", requestable: true }), 0);
  return {
    clients: [
      {
        client_id: CLIENT.client,
        client_secret: CLIENT.secret,
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: more.conformIdTokenClaims === false ? "client_secret_post" : "client_secret_basic",
      },
    ],
    claims: { openid: ["sub"], profile: ["name", "preferred_username", "picture", "profile"], email: ["email", "email_verified"] },
    pkce: { required: () => true },
    cookies: { keys: ["only the tests know this one"] },
    jwks: { keys: [newKey()] },
    interactions: { policy, url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...issuer.reader?.claims }) }),
    ...more,
    features: { devInteractions: { enabled: false }, ...more.features },
  };
}

const newKey = () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: String(Math.random()) };
};

interface Asked {
  request: IncomingMessage;
  response: ServerResponse;
}

async function interact(provider: Provider, { reader }: QuickIssuer, { request, response }: Asked): Promise<void> {
  if (reader === null) {
    const error = { error: "access_denied", error_description: "The reader said no." };
    return provider.interactionFinished(request, response, error, { mergeWithLastSubmission: false });
  }
  const { params } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId: reader.id, clientId: String(params["client_id"]) });
  grant.addOIDCScope(String(params["scope"]));
  const result = { select_account: {}, login: { accountId: reader.id }, consent: { grantId: await grant.save() } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}
