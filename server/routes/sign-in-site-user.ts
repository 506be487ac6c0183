import { Hono } from "hono";
import { openReaderSession, SITE_USER, SITE_USER_MS } from "../auth/reader-session.ts";
import { identityOf } from "../auth/sign-in.ts";
import { readSiteUser, useSiteUser } from "../auth/site-user.ts";
import { readFields } from "../comments/fields.ts";
import { openSecret } from "../comments/sso-key.ts";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { Site } from "../store/records.ts";
import { SignedInReader } from "../wire/sign-in.ts";
import { SiteUserSignIn, type SiteUserClaims } from "../wire/site-user.ts";
import type { Endpoint } from "./endpoint.ts";
import { type Addresses, type Env, originOf, readJson } from "./request.ts";
import { toReader } from "./sign-in.ts";

export const siteUserEndpoints: Endpoint[] = [
  {
    method: "post",
    path: "/api/v1/auth/sso",
    summary: "Signs in a user of the site's own, by what the site signed. Each signed token is good once.",
    body: SiteUserSignIn,
    answers: { 200: { description: "The token for commenting on this site.", schema: SignedInReader } },
  },
];

export function siteUserRoutes(services: Services, addresses: Addresses): Hono<Env> {
  const app = new Hono<Env>();
  const { sites, store } = services;

  app.post("/api/v1/auth/sso", async (c) => {
    const { url, jwt } = await readJson(c, SiteUserSignIn, BODY);
    const { site } = await sites.locate(url);
    sites.admit(site, originOf(c));
    const wait = services.flood.visit(addresses.subscriber(c));
    if (wait > 0) throw new Refusal("too_many", { retryAfter: wait });
    const claims = readSiteUser(services, site, { jwt, signed: requireKey(services, site) });
    const said = readClaims(claims, site);
    await useSiteUser(services, site, claims);
    const account = await store.keepAccount(
      { site: site.id, id: services.newId(), provider: SITE_USER, ...said, createdAt: services.now() },
      identityOf({ issuer: SITE_USER }, claims.sub),
    );
    const token = await openReaderSession(services, site.id, account.id, SITE_USER_MS);
    return c.json({ token, reader: { ...(await toReader(services, account)), way: site.name } } satisfies SignedInReader);
  });
  return app;
}

/** Bytes: an address and a token. */
const BODY = 10_000;

/** Refusal `not_found` where the site has none. */
function requireKey(services: Services, { id, settings: { sso } }: Site) {
  if (!sso) throw new Refusal("not_found");
  const key = sso.algorithm === "EdDSA" ? sso.key : openSecret(services, id, sso.key);
  if (key === null) throw new Refusal("not_found");
  return { algorithm: sso.algorithm, key };
}

/** By the same rules as what a reader writes. Refusal `invalid` with what does not keep them. */
function readClaims({ name, email, email_verified, roles }: SiteUserClaims, { settings }: Site) {
  const fields = (line: string, mail: string) =>
    readFields({ name: line, email: mail, website: "", title: "", body: "-" }, { details: "optional" });
  const said = fields(name, email);
  if (said.name === "") throw new Refusal("invalid", { fields: { name: "required" } });
  const role = settings.sso?.roles ? roles.find((one) => one !== MEMBER) : undefined;
  return {
    name: said.name,
    email: said.email,
    emailVerified: said.email !== "" && email_verified,
    ...(role !== undefined && { role: fields(role, "").name }),
  };
}

/** What everybody is: nothing that stands beside a name. */
const MEMBER = "member";
