import { Hono } from "hono";
import * as v from "valibot";
import { hashPassphrase } from "../auth/passphrase.ts";
import { registrationOptions, verifyRegistration } from "../auth/passkey.ts";
import { openSession, requireFresh } from "../auth/session.ts";
import { logEntry } from "../comments/moderate.ts";
import { readProfile } from "../comments/profile.ts";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import { NewPasskey, Nothing, OwnerProfile, PassphraseChange, PasskeyList, PasskeyOptions, ProfileChange } from "../wire/panel-owner.ts";
import type { Endpoint } from "./endpoint.ts";
import { accountOf, toProfile } from "./panel-session.ts";
import type { PanelEnv, SignInTools } from "./panel-sign-in.ts";
import { check, readJson } from "./request.ts";

const base = "/api/v1/panel";
const profile = { 200: { description: "As it is now.", schema: OwnerProfile } };
const list = { 200: { description: "All of the owner's passkeys.", schema: PasskeyList } };

export const panelOwnerEndpoints: Endpoint[] = [
  {
    method: "patch",
    path: `${base}/owner`,
    summary: "Change name, role or e-mail; another e-mail needs a sign-in of the last 15 minutes.",
    auth: "owner",
    body: ProfileChange,
    answers: profile,
  },
  {
    method: "put",
    path: `${base}/owner/passphrase`,
    summary: "Set the passphrase; needs a sign-in of the last 15 minutes.",
    auth: "owner",
    body: PassphraseChange,
    answers: profile,
  },
  { method: "get", path: `${base}/passkeys`, summary: "The owner's passkeys.", auth: "owner", answers: list },
  {
    method: "post",
    path: `${base}/passkeys/options`,
    summary: "A challenge for another passkey; needs a sign-in of the last 15 minutes.",
    auth: "owner",
    body: Nothing,
    answers: { 200: { description: "For navigator.credentials.create().", schema: PasskeyOptions } },
  },
  { method: "post", path: `${base}/passkeys`, summary: "Add a passkey.", auth: "owner", body: NewPasskey, answers: list },
  {
    method: "delete",
    path: `${base}/passkeys/{id}`,
    summary: "Remove a passkey, but never the last way in; needs a sign-in of the last 15 minutes.",
    auth: "owner",
    body: Nothing,
    answers: list,
  },
];

const PasskeyId = v.pipe(v.string(), v.regex(/^[\w-]{1,1400}$/));

/** The owner's own things. */
export function panelOwnerRoutes(services: Services, { challenges }: SignInTools): Hono<PanelEnv> {
  const app = new Hono<PanelEnv>();
  const { store, now } = services;
  const listPasskeys = async (owner: string): Promise<PasskeyList> => ({
    passkeys: (await store.passkeys(owner)).map(({ id, label, createdAt }) => ({
      id,
      label,
      createdAt: new Date(createdAt).toISOString(),
    })),
  });

  app.patch("/owner", async (c) => {
    const change = await readJson(c, ProfileChange);
    const signedIn = c.get("signedIn");
    const { owner } = signedIn;
    const changed = readProfile({ name: change.name ?? owner.name, role: change.role ?? owner.role, email: change.email ?? owner.email });
    // It is what one signs in with.
    if (accountOf(changed) !== accountOf(owner)) requireFresh(services, signedIn);
    await store.updateOwner(owner.id, changed, logEntry(services, owner, "owner", "profile"));
    return c.json(toProfile({ ...owner, ...changed }));
  });

  app.put("/owner/passphrase", async (c) => {
    const { passphrase } = await readJson(c, PassphraseChange);
    const signedIn = c.get("signedIn");
    requireFresh(services, signedIn);
    const kept = await hashPassphrase(passphrase);
    await store.updateOwner(signedIn.owner.id, { passphrase: kept }, logEntry(services, signedIn.owner, "owner", "passphrase"));
    // Whoever came in with the former one is out.
    await store.removeSessions(signedIn.owner.id);
    await openSession(services, c, signedIn.owner.id);
    return c.json(toProfile({ ...signedIn.owner, passphrase: kept }));
  });

  app.get("/passkeys", async (c) => c.json(await listPasskeys(c.get("signedIn").owner.id)));

  app.post("/passkeys/options", async (c) => {
    await readJson(c, Nothing);
    const signedIn = c.get("signedIn");
    requireFresh(services, signedIn);
    const { owner } = signedIn;
    return c.json({ options: await registrationOptions(services, challenges, { owner, purpose: `add ${owner.id}` }) });
  });

  app.post("/passkeys", async (c) => {
    const { passkey: response, label } = await readJson(c, NewPasskey);
    const signedIn = c.get("signedIn");
    requireFresh(services, signedIn);
    const { owner } = signedIn;
    const passkey = await verifyRegistration(services, challenges, { response, purpose: `add ${owner.id}` });
    await store.addPasskey(
      { ...passkey, owner: owner.id, label: label.trim(), createdAt: now() },
      logEntry(services, owner, "owner", "passkey added"),
    );
    return c.json(await listPasskeys(owner.id));
  });

  app.delete("/passkeys/:id", async (c) => {
    const id = check(PasskeyId, c.req.param("id"));
    const signedIn = c.get("signedIn");
    requireFresh(services, signedIn);
    const { owner } = signedIn;
    if (!(await store.passkeys(owner.id)).some((passkey) => passkey.id === id)) throw new Refusal("not_found");
    if (!(await store.removePasskey(owner.id, id, logEntry(services, owner, "owner", "passkey removed")))) {
      throw new Refusal("invalid", { fields: { passkey: "required" } });
    }
    return c.json(await listPasskeys(owner.id));
  });

  return app;
}
