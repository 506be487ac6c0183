import type { Outbound } from "../outbound.ts";
import { Refusal } from "../refusal.ts";

/** Where a reader's server is asked; kept for as long as the sign-in lasts. */
export interface MastodonServer {
  /** https://HOST: all that it says of itself must lie there. */
  origin: string;
  issuer: string;
  authorize: string;
  token: string;
  register: string;
  revoke: string;
  /** "" before 4.4. */
  userinfo: string;
  /** The least that tells who somebody is. */
  scope: "profile" | "read:accounts";
}

/** Redirects of a WebFinger address: usual where handles have a domain of their own, each looked at by the outbound client. */
const HOPS = 3;

/** The server that `@me@social.example`, `social.example` or an address there names. Refusal `not_found` for one that is none. */
export async function findServer(outbound: Outbound, said: string): Promise<MastodonServer> {
  const { user, origin } = placeOf(said);
  const actor = user === "" ? null : await actorOf(outbound, origin, user);
  return describe(outbound, actor?.origin ?? origin);
}

function placeOf(said: string): { user: string; origin: string } {
  const [, user = "", rest = ""] = /^@?([\w.-]+)@(.+)$/.exec(said.trim()) ?? ["", "", said.trim()];
  const address = /^https?:\/\//i.test(rest) ? rest : `https://${rest}`;
  const url = URL.canParse(address) ? new URL(address) : null;
  // A name without a dot would be looked for in our own network.
  if (!url || url.username !== "" || !/[.:]/.test(url.hostname)) throw new Refusal("not_found");
  return { user, origin: url.origin };
}

/** The actor that USER at a server is (RFC 7033); null where it does not say. */
export async function actorOf(outbound: Outbound, origin: string, user: string): Promise<URL | null> {
  const resource = encodeURIComponent(`acct:${user}@${new URL(origin).host}`);
  let address = `${origin}/.well-known/webfinger?resource=${resource}`;
  for (let hop = 0; hop <= HOPS; hop++) {
    const response = await outbound(address, { headers: { accept: "application/jrd+json, application/json" } });
    const next = response.status >= 300 && response.status < 400 ? response.headers.get("location") : null;
    if (next === null) return response.ok ? selfOf(await fieldsIn(response)) : null;
    if (!URL.canParse(next, address)) throw new Refusal("not_found");
    address = new URL(next, address).href;
  }
  throw new Refusal("not_found");
}

function selfOf({ links }: Record<string, unknown>): URL | null {
  const found = (Array.isArray(links) ? links : []).map((link) => Object(link) as Record<string, unknown>);
  const href = found.find(({ rel, type }) => rel === "self" && /^application\/(?:activity|ld)\+json/.test(String(type)))?.["href"];
  return typeof href === "string" && URL.canParse(href) && /^https?:/.test(href) ? new URL(href) : null;
}

/** RFC 8414, since 4.3; before, all servers have the same addresses. Some that only speak like Mastodon answer anything with a page. */
async function describe(outbound: Outbound, origin: string): Promise<MastodonServer> {
  const response = await outbound(`${origin}/.well-known/oauth-authorization-server`, { headers: { accept: "application/json" } });
  const isPage = response.ok && /^text\/html\b/i.test(response.headers.get("content-type") ?? "");
  if (response.status === 404 || isPage) return { ...usual(origin), scope: "read:accounts" };
  if (!response.ok) throw new Refusal("not_found");
  const said = await fieldsIn(response);
  const here = (value: unknown) => {
    if (typeof value !== "string" || !URL.canParse(value) || new URL(value).origin !== origin) throw new Refusal("not_found");
    return value;
  };
  const { scopes_supported: scopes, userinfo_endpoint: userinfo } = said;
  const { register, revoke } = usual(origin);
  return {
    origin,
    issuer: here(said["issuer"]),
    authorize: here(said["authorization_endpoint"]),
    token: here(said["token_endpoint"]),
    register: here(said["app_registration_endpoint"] ?? register),
    revoke: here(said["revocation_endpoint"] ?? revoke),
    userinfo: userinfo === undefined ? "" : here(userinfo),
    scope: Array.isArray(scopes) && scopes.includes("profile") ? "profile" : "read:accounts",
  };
}

const usual = (origin: string) => ({
  origin,
  issuer: origin,
  authorize: `${origin}/oauth/authorize`,
  token: `${origin}/oauth/token`,
  register: `${origin}/api/v1/apps`,
  revoke: `${origin}/oauth/revoke`,
  userinfo: "",
});

/** A JSON object, with whatever it holds. Refusal `not_found` for anything else. */
export async function fieldsIn(response: Response): Promise<Record<string, unknown>> {
  const value: unknown = await response.json().catch(() => null);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Refusal("not_found");
  return value as Record<string, unknown>;
}
