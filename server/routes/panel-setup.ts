import { Hono } from "hono";
import { hashPassphrase } from "../auth/passphrase.ts";
import { registrationOptions, verifyRegistration } from "../auth/passkey.ts";
import { openSession } from "../auth/session.ts";
import { hashToken } from "../auth/token.ts";
import { readProfile } from "../comments/profile.ts";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { Owner } from "../store/records.ts";
import { PasskeyOptions, Session, SetupOptionsRequest, SetupRequest } from "../wire/panel-owner.ts";
import type { Endpoint } from "./endpoint.ts";
import type { SignInTools } from "./panel-sign-in.ts";
import { accountOf, describeSession } from "./panel-session.ts";
import { type Env, readJson } from "./request.ts";

export const panelSetupEndpoints: Endpoint[] = [
  {
    method: "post",
    path: "/api/v1/panel/setup/options",
    summary: "A challenge for the first owner's passkey.",
    body: SetupOptionsRequest,
    answers: { 200: { description: "For navigator.credentials.create().", schema: PasskeyOptions } },
  },
  {
    method: "post",
    path: "/api/v1/panel/setup",
    summary: "Become the owner, with the one-time link from the console. Once only.",
    body: SetupRequest,
    answers: { 200: { description: "Signed in.", schema: Session } },
  },
];

/** The first run: whoever holds the link from the console becomes the owner, once. */
export function panelSetupRoutes(services: Services, { challenges, throttle, addressOf }: SignInTools): Hono<Env> {
  const app = new Hono<Env>();
  const { store, now } = services;

  const requireLink = async (token: string) => {
    if ((await store.owners()).length > 0) throw new Refusal("already_set_up");
    if (!(await store.hasLink(hashToken(token), "setup", now()))) throw new Refusal("token_invalid");
  };

  app.post("/setup/options", async (c) => {
    const { token, ...profile } = await readJson(c, SetupOptionsRequest);
    await throttle.attempt(addressOf(c), null);
    await requireLink(token);
    const { name, email } = readProfile({ ...profile, role: "" });
    return c.json({
      options: await registrationOptions(services, challenges, {
        owner: { id: services.newId(), name, email },
        purpose: `setup ${hashToken(token)}`,
      }),
    });
  });

  app.post("/setup", async (c) => {
    const input = await readJson(c, SetupRequest);
    await throttle.attempt(addressOf(c), null);
    await requireLink(input.token);
    const owner = await newOwner(services, input);
    const passkey =
      input.passkey === undefined
        ? null
        : {
            ...(await verifyRegistration(services, challenges, { response: input.passkey, purpose: `setup ${hashToken(input.token)}` })),
            owner: owner.id,
            label: "",
            createdAt: now(),
          };
    const log = { id: services.newId(), at: now(), by: owner.id, action: "owner", note: "set up" } as const;
    if (!(await store.addFirstOwner(owner, passkey, log))) throw new Refusal("already_set_up");
    await store.useLink(hashToken(input.token), "setup", now());
    await throttle.succeeded(addressOf(c), accountOf(owner));
    await openSession(services, c, owner.id);
    return c.json(await describeSession(services, owner));
  });

  return app;
}

async function newOwner(services: Services, input: SetupRequest): Promise<Owner> {
  const profile = readProfile(input);
  if (input.passkey === undefined && input.passphrase === undefined) throw new Refusal("invalid", { fields: { passphrase: "required" } });
  const passphrase = input.passphrase === undefined ? null : await hashPassphrase(input.passphrase);
  return { id: services.newId(), ...profile, passphrase, createdAt: services.now() };
}
