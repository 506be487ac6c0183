import { type Context, Hono } from "hono";
import { authenticationOptions, passkeyHost, verifyAuthentication } from "../auth/passkey.ts";
import { verifyPassphrase } from "../auth/passphrase.ts";
import { endSession, openSession, readSession } from "../auth/session.ts";
import { hashToken } from "../auth/token.ts";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { Owner } from "../store/records.ts";
import { LinkLogin, Nothing, type OwnerProfile, PassphraseLogin, PasskeyLogin, PasskeyOptions, Session } from "../wire/panel-owner.ts";
import type { Endpoint } from "./endpoint.ts";
import type { SignInTools } from "./panel-sign-in.ts";
import { type Env, readJson } from "./request.ts";

const base = "/api/v1/panel";
const session = { 200: { description: "Who is signed in now.", schema: Session } };

export const panelSessionEndpoints: Endpoint[] = [
  { method: "get", path: `${base}/session`, summary: "Who is signed in, and which ways in there are.", answers: session },
  {
    method: "post",
    path: `${base}/login/options`,
    summary: "A challenge for signing in with a passkey.",
    body: Nothing,
    answers: { 200: { description: "For navigator.credentials.get().", schema: PasskeyOptions } },
  },
  { method: "post", path: `${base}/login/passkey`, summary: "Sign in with a passkey.", body: PasskeyLogin, answers: session },
  {
    method: "post",
    path: `${base}/login/passphrase`,
    summary: "Sign in with e-mail and passphrase.",
    body: PassphraseLogin,
    answers: session,
  },
  {
    method: "post",
    path: `${base}/login/link`,
    summary: "Sign in with a one-time link from the console.",
    body: LinkLogin,
    answers: session,
  },
  { method: "post", path: `${base}/logout`, summary: "End this session.", auth: "owner", body: Nothing, answers: session },
  {
    method: "post",
    path: `${base}/logout-everywhere`,
    summary: "End all of the owner's sessions.",
    auth: "owner",
    body: Nothing,
    answers: session,
  },
];

/** The ways in and out. */
export function panelSessionRoutes(services: Services, tools: SignInTools): Hono<Env> {
  const app = new Hono<Env>();
  const { store } = services;

  const signIn = async (c: Context, owner: Owner) => {
    await tools.throttle.succeeded(tools.addressOf(c), accountOf(owner));
    await openSession(services, c, owner.id);
    return c.json(await describeSession(services, owner));
  };

  app.get("/session", async (c) => c.json(await describeSession(services, (await readSession(services, c))?.owner ?? null)));

  app.post("/login/options", async (c) => {
    await readJson(c, Nothing);
    tools.visit(c);
    return c.json({ options: await authenticationOptions(services, tools.challenges) });
  });

  app.post("/login/passkey", async (c) => {
    const { passkey } = await readJson(c, PasskeyLogin);
    await tools.throttle.attempt(tools.addressOf(c), null);
    const verified = await verifyAuthentication(services, tools.challenges, passkey);
    const owner = verified && (await store.owners()).find(({ id }) => id === verified.owner);
    if (!owner) throw new Refusal("unauthorized");
    return signIn(c, owner);
  });

  app.post("/login/passphrase", async (c) => {
    const { email, passphrase } = await readJson(c, PassphraseLogin);
    const account = accountOf({ email });
    await tools.throttle.attempt(tools.addressOf(c), account);
    const owner = (await store.owners()).find((candidate) => accountOf(candidate) === account);
    const right = await verifyPassphrase(owner?.passphrase ?? null, passphrase);
    if (!owner || !right) throw new Refusal("unauthorized");
    return signIn(c, owner);
  });

  app.post("/login/link", async (c) => {
    const { token } = await readJson(c, LinkLogin);
    await tools.throttle.attempt(tools.addressOf(c), null);
    const [owner] = await store.owners();
    if (!owner || !(await store.useLink(hashToken(token), "login", services.now()))) throw new Refusal("token_invalid");
    return signIn(c, owner);
  });

  app.post("/logout", async (c) => {
    await readJson(c, Nothing);
    const signedIn = await requireSession(services, c);
    await endSession(services, c, signedIn);
    return c.json(await describeSession(services, null));
  });

  app.post("/logout-everywhere", async (c) => {
    await readJson(c, Nothing);
    const signedIn = await requireSession(services, c);
    await store.removeSessions(signedIn.owner.id);
    await endSession(services, c, signedIn);
    return c.json(await describeSession(services, null));
  });

  return app;
}

/** What the throttle knows an owner by. */
export const accountOf = ({ email }: Pick<Owner, "email">) => email.trim().toLowerCase();

async function requireSession(services: Services, c: Context) {
  const signedIn = await readSession(services, c);
  if (!signedIn) throw new Refusal("unauthorized");
  return signedIn;
}

export async function describeSession(services: Services, owner: Owner | null): Promise<Session> {
  return {
    owner: owner && toProfile(owner),
    setup: owner === null && (await services.store.owners()).length === 0,
    passkeyHost: passkeyHost(services),
    publicUrl: services.config.publicUrl,
  };
}

export const toProfile = ({ id, name, role, email, passphrase }: Owner): OwnerProfile => ({
  id,
  name,
  role,
  email,
  passphrase: passphrase !== null,
});
