import { Refusal } from "../refusal.ts";
import { danced, type OAuthProvider } from "./dance.ts";
import { keptApp, type MastodonApp, readyApp } from "./mastodon-app.ts";
import { actorOf, findServer, type MastodonServer } from "./mastodon-server.ts";
import { askingBriefly } from "./named-by-readers.ts";
import { profileOf } from "./profile.ts";
import type { Profile, Provider } from "./provider.ts";

const ID = "mastodon";

interface Kept {
  server: MastodonServer;
  kept: string;
}

/** Any server of Mastodon, or what speaks like it: the reader says which, and we register ourselves there. */
export const mastodon: Provider = {
  id: ID,
  label: "Mastodon",
  // Subjects are addresses of actors, of which there is one in the world.
  issuer: "activitypub",
  async begin(services, asked) {
    if (asked.said === "") return { address: `${services.config.publicUrl}/auth/ask/${ID}`, kept: "" };
    const brief = askingBriefly(services);
    const server = await findServer(brief.outbound, asked.said);
    const app = await readyApp(brief, { server, redirectUri: asked.redirectUri });
    const { address, kept } = await danced(dataOf(server, app)).begin(brief, asked);
    return { address, kept: JSON.stringify({ server, kept } satisfies Kept) };
  },
  async answer(services, came) {
    const { server, kept } = JSON.parse(came.kept) as Kept;
    const brief = askingBriefly(services);
    const app = await keptApp(brief, { server, redirectUri: came.redirectUri });
    if (!app) throw new Refusal("forbidden");
    const profile = await danced(dataOf(server, app)).answer(brief, { ...came, kept });
    const named = NAMED_ONLY.exec(profile.subject)?.[1];
    const actor = named === undefined ? new URL(profile.subject) : await actorOf(brief.outbound, server.origin, named);
    // A server vouches for its own people; else any server could be anyone.
    if (actor?.origin !== server.origin) throw new Refusal("forbidden");
    return { ...profile, subject: actor.href };
  },
};

function dataOf(server: MastodonServer, { client, secret, scope }: MastodonApp): OAuthProvider {
  const { origin, issuer, authorize, token, userinfo, revoke } = server;
  const profile = userinfo !== "" && scope === "profile" ? userinfo : `${origin}/api/v1/accounts/verify_credentials`;
  return {
    id: ID,
    label: "Mastodon",
    endpoints: { issuer, authorize, token, profile, revoke },
    client,
    secret,
    scopes: scope,
    clientAuth: "post",
    toProfile,
  };
}

/** Servers before 4.2 and some that only speak like Mastodon give no address of the actor: then it is asked for by its name. */
const NAMED_ONLY = /^acct:([\w.-]+)$/;

/** userinfo has `sub`, `name`, `preferred_username`; verify_credentials `uri`, `display_name`, `username`. */
function toProfile(claims: Readonly<Record<string, unknown>>): Profile {
  const text = (...names: string[]) => names.map((name) => claims[name]).find((value) => typeof value === "string" && value !== "");
  const username = String(text("preferred_username", "username") ?? "");
  const subject = String(text("sub", "uri") ?? `acct:${username}`);
  if (subject.length > 500 || !(NAMED_ONLY.test(subject) || URL.canParse(subject))) throw new Error("a profile without a subject");
  const shown = String(text("name", "display_name") ?? "")
    .replace(/:\w+:/g, "")
    .replace(/\s+/g, " ")
    .trim();
  const picture = text("picture", "avatar_static");
  return profileOf({ subject, name: shown, handle: username, picture, url: text("profile", "url") });
}
