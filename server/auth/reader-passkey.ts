/**
 * Readers who come back with a passkey. The ceremonies are held in the window, on our own pages: a passkey is this host's
 * (WebAuthn 5.1.2), and a page that frames or opens ours must get none (crossOrigin). Challenges lie in the sign-in's row, so
 * that any server on the database takes what another asked.
 */
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "@simplewebauthn/server";
import * as v from "valibot";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { Account, ReaderPasskey } from "../store/readers.ts";
import { Credential } from "../wire/panel-owner.ts";
import { passkeyHost } from "./passkey.ts";
import type { Provider } from "./provider.ts";
import { type Begun, identityOf, keepKnown, keepOn, type Sent, siteOf } from "./sign-in.ts";
import { newToken } from "./token.ts";

/** Loaded at the first ceremony: it costs 20 MB. */
const load = () => import("@simplewebauthn/server");

const GOOD_MS = 5 * 60_000;
/** Devices of one reader. */
const AT_MOST = 20;
/** COSE: Ed25519, ES256, RS256. */
const ALGORITHMS = [-8, -7, -257];

interface Kept {
  challenge: string;
  until: number;
  /** What a page was given to make a passkey with, "" where one is only asked for. */
  options: string;
}

export const passkeyProvider: Provider = {
  id: "passkey",
  label: "Passkey",
  issuer: "",
  begin: ({ config }) => Promise.resolve({ address: `${config.publicUrl}/auth/passkey`, kept: "" }),
  async answer(services, { kept, state, params }) {
    const found = await verifyPasskey(services, { site: siteOf(state), kept, credential: params.get("credential") ?? "" });
    if (!found) throw new Refusal("forbidden");
    const { passkey, counter, account } = found;
    await services.store.useReaderPasskey(passkey.site, passkey.id, counter);
    const { id, name, email, emailVerified } = account;
    return { subject: passkey.id, name, email, emailVerified, picture: "", handle: "", url: "", account: id };
  },
};

/** Whether passkeys can be had on this server at all: they belong to a name, not to an address. */
export const hasPasskeys = (services: Pick<Services, "config">): boolean => passkeyHost(services) !== null;

/** Options for navigator.credentials.get(), JSON; each is for one try. */
export async function askForPasskey(services: Services, sent: Sent): Promise<string> {
  const { challenge, until } = newChallenge(services);
  await keepOn(services, sent, JSON.stringify({ challenge, until, options: "" } satisfies Kept), Math.max(sent.signIn.expiresAt, until));
  return JSON.stringify({ challenge, rpId: passkeyHost(services), userVerification: "preferred", timeout: GOOD_MS, allowCredentials: [] });
}

/** Options for navigator.credentials.create(), JSON; "" where none is offered, or the reader has enough of them. */
export async function offerPasskey(services: Services, begun: Begun): Promise<string> {
  const { signIn, held, provider } = begun;
  if (provider.id === "passkey" || !(await services.ways.of(signIn.site)).some(({ id }) => id === "passkey")) return "";
  const { profile } = held;
  const account = profile && (await services.store.accountOf(signIn.site, provider.id, identityOf(provider, profile.subject)));
  const known = account ? await services.store.readerPasskeys(signIn.site, account.id) : [];
  if (known.length >= AT_MOST) return "";
  const { challenge, until } = newChallenge(services);
  const site = (await services.sites.byId(signIn.site))?.name ?? "";
  const options = JSON.stringify({
    challenge,
    rp: { id: passkeyHost(services), name: site },
    // Nothing that says who it is (WebAuthn 14.6.1).
    user: {
      id: services.randomBytes(64).toString("base64url"),
      name: `${profile?.name || profile?.email || "…"} (${site})`,
      displayName: profile?.name ?? "",
    },
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
    authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "preferred" },
    attestation: "none",
    timeout: GOOD_MS,
    excludeCredentials: known.map(({ id, transports }) => ({ type: "public-key", id, transports })),
  });
  await keepKnown(services, begun, JSON.stringify({ challenge, until, options } satisfies Kept));
  return options;
}

/** What was offered, told from what is kept of it. */
export const offeredIn = (kept: string): string => (kept === "" ? "" : (JSON.parse(kept) as Kept).options);

/** Keeps the passkey that a browser made when it was offered. False when anything is not as asked: the sign-in goes on without. */
export async function keepPasskey(
  services: Services,
  { site, account, offered, credential }: { site: number; account: string; offered: string; credential: string },
): Promise<boolean> {
  const asked = challengeOf(services, offered);
  const response = readCredential(credential);
  if (!asked || !response) return false;
  const { verifyRegistrationResponse } = await load();
  const verified = await orNull(services, () =>
    verifyRegistrationResponse({ ...expected(services, asked), response: response as unknown as RegistrationResponseJSON }),
  );
  if (!verified?.verified) return false;
  const { id, publicKey, counter, transports = [] } = verified.registrationInfo.credential;
  const key = Buffer.from(publicKey).toString("base64url");
  return services.store.addReaderPasskey({ site, id, account, publicKey: key, counter, transports, createdAt: services.now() });
}

/** Whose passkey signed what was asked; null for one that is unknown here, or when anything is not as asked. Changes nothing. */
export async function verifyPasskey(
  services: Services,
  { site, kept, credential }: { site: number; kept: string; credential: string },
): Promise<{ passkey: ReaderPasskey; account: Account; counter: number } | null> {
  const asked = challengeOf(services, kept);
  const response = readCredential(credential);
  const found = asked && response && (await services.store.readerPasskey(site, response.id));
  if (!found) return null;
  const { id, publicKey, counter, transports } = found.passkey;
  const { verifyAuthenticationResponse } = await load();
  const verified = await orNull(services, () =>
    verifyAuthenticationResponse({
      ...expected(services, asked),
      response: response as unknown as AuthenticationResponseJSON,
      credential: { id, counter, transports: transports as never, publicKey: new Uint8Array(Buffer.from(publicKey, "base64url")) },
    }),
  );
  return verified?.verified ? { ...found, counter: verified.authenticationInfo.newCounter } : null;
}

const expected = (services: Services, { challenge }: Kept) => ({
  expectedChallenge: challenge,
  expectedOrigin: services.config.publicUrl,
  expectedRPID: passkeyHost(services) ?? "",
  requireUserVerification: false,
});

const newChallenge = ({ now, randomBytes }: Services) => ({ challenge: newToken(randomBytes), until: now() + GOOD_MS });

function challengeOf({ now }: Services, kept: string): Kept | null {
  const asked = kept === "" ? null : (JSON.parse(kept) as Kept);
  return asked && asked.until > now() ? asked : null;
}

/** Null for what is none, and for one that was made in a frame of another page (WebAuthn 13.4.9). */
function readCredential(text: string): Credential | null {
  try {
    const credential = v.parse(Credential, JSON.parse(text));
    const client: unknown = JSON.parse(Buffer.from(String(credential.response["clientDataJSON"]), "base64url").toString("utf8"));
    const { crossOrigin = false, topOrigin } = Object(client) as { crossOrigin?: unknown; topOrigin?: unknown };
    return crossOrigin === false && topOrigin === undefined ? credential : null;
  } catch {
    return null;
  }
}

/** The library throws for each thing that does not fit. */
async function orNull<T>({ log }: Services, verify: () => Promise<T>): Promise<T | null> {
  try {
    return await verify();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    log.info({ error: error.name }, "a reader's passkey was refused");
    return null;
  }
}
