import { isIP } from "node:net";
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "@simplewebauthn/server";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { Passkey } from "../store/records.ts";
import type { Credential } from "../wire/panel-owner.ts";
import type { Challenges } from "./challenges.ts";

type Server = typeof import("@simplewebauthn/server");
/** Loaded at the first sign-in: it costs 20 MB of memory that a server without one needs not spend. */
const load = (): Promise<Server> => import("@simplewebauthn/server");

/** Host name at which passkeys work, null where there is none: a relying party has a name, not an address (WebAuthn 5.1.2). */
export function passkeyHost({ config }: Pick<Services, "config">): string | null {
  const host = new URL(config.publicUrl).hostname;
  return isIP(host.replace(/^\[|\]$/g, "")) === 0 ? host : null;
}

export interface NewPasskeyFor {
  id: string;
  name: string;
  email: string;
}

/** Options to make a passkey that can be found without typing a name, on a device that knows its user. */
export async function registrationOptions(
  services: Services,
  challenges: Challenges,
  { owner, purpose }: { owner: NewPasskeyFor; purpose: string },
) {
  const { generateRegistrationOptions } = await load();
  const options = await generateRegistrationOptions({
    rpName: "Youfigure",
    rpID: requireHost(services),
    userName: owner.email || owner.name,
    userDisplayName: owner.name,
    userID: new TextEncoder().encode(owner.id),
    attestationType: "none",
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    excludeCredentials: (await services.store.passkeys()).map(({ id, transports }) => ({ id, transports })),
  });
  await challenges.keep(options.challenge, purpose);
  return options;
}

/** The passkey that a browser made for these options. Refusal `invalid` when anything is not as asked. */
export async function verifyRegistration(
  services: Services,
  challenges: Challenges,
  { response, purpose }: { response: Credential; purpose: string },
): Promise<Pick<Passkey, "id" | "publicKey" | "counter" | "transports">> {
  const { verifyRegistrationResponse } = await load();
  const verified = await orRefuse(services, () =>
    verifyRegistrationResponse({
      response: response as unknown as RegistrationResponseJSON,
      expectedChallenge: (challenge) => challenges.take(challenge, purpose),
      expectedOrigin: services.config.publicUrl,
      expectedRPID: requireHost(services),
      requireUserVerification: true,
    }),
  );
  if (!verified?.verified) throw new Refusal("invalid", { fields: { passkey: "invalid" } });
  const { id, publicKey, counter, transports } = verified.registrationInfo.credential;
  return { id, publicKey: Buffer.from(publicKey).toString("base64url"), counter, transports: transports ?? [] };
}

export async function authenticationOptions(services: Services, challenges: Challenges) {
  const { generateAuthenticationOptions } = await load();
  const options = await generateAuthenticationOptions({ rpID: requireHost(services), userVerification: "required" });
  await challenges.keep(options.challenge, "login");
  return options;
}

/** The passkey that signed, its counter moved on; null when it is unknown or anything is not as asked. */
export async function verifyAuthentication(services: Services, challenges: Challenges, response: Credential): Promise<Passkey | null> {
  const { verifyAuthenticationResponse } = await load();
  const passkey = (await services.store.passkeys()).find(({ id }) => id === response.id);
  if (!passkey) return null;
  const { id, counter, transports } = passkey;
  const verified = await orRefuse(services, () =>
    verifyAuthenticationResponse({
      response: response as unknown as AuthenticationResponseJSON,
      expectedChallenge: (challenge) => challenges.take(challenge, "login"),
      expectedOrigin: services.config.publicUrl,
      expectedRPID: requireHost(services),
      credential: { id, counter, transports, publicKey: new Uint8Array(Buffer.from(passkey.publicKey, "base64url")) },
      requireUserVerification: true,
    }),
  );
  if (!verified?.verified) return null;
  await services.store.usePasskey(id, verified.authenticationInfo.newCounter);
  return passkey;
}

function requireHost(services: Services): string {
  const host = passkeyHost(services);
  if (host === null) throw new Refusal("bad_request");
  return host;
}

/** The library throws for each thing that does not fit; to us they are all one answer, and the log says which. */
async function orRefuse<T>({ log }: Services, verify: () => Promise<T>): Promise<T | null> {
  try {
    return await verify();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    log.info({ error: error.name }, "a passkey was refused");
    return null;
  }
}
