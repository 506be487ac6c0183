import { CLAIM_NAMES, type ClaimNames, KINDS } from "./auth/kinds.ts";
import { BadValue, type Client, parseClient, parseList, type Variable } from "./variable.ts";

/** What the environment says of where readers sign in. */
export interface SignInConfig {
  /** What the server is registered as, null where it is not. */
  github: Client | null;
  google: Client | null;
  wordpress: Client | null;
  oidc: Issuer[];
  /** Whether readers may come from servers that they name themselves. */
  mastodon: boolean;
  bluesky: boolean;
  x: Client | null;
  facebook: Client | null;
  /** Of Meta's Graph API. */
  facebookVersion: string;
  /** Origin of the GitHub that is meant. */
  githubUrl: string;
  /** Ids of the providers that are asked for the e-mail too, where that needs leave of its own. */
  signInEmail: string[];
}

/** An OpenID Connect issuer that the operator named. */
export interface Issuer extends Client {
  id: string;
  label: string;
  issuer: string;
  /** Path of an SVG on a field of 24 by 24, or the name of a drawing that the widget has. */
  icon?: string;
  claims?: ClaimNames;
}

function parseSwitch(text: string): boolean {
  if (text !== "on" && text !== "off") throw new BadValue("write on or off");
  return text === "on";
}

function parseIssuers(text: string): Issuer[] {
  const wanted = 'write a JSON list such as [{"id":"work","label":"Work","issuer":"https://login.example","client":"…","secret":"…"}]';
  let entries: unknown;
  try {
    entries = JSON.parse(text || "[]");
  } catch {
    throw new BadValue(wanted);
  }
  const found = new Set(RESERVED);
  const isIssuer = (entry: unknown): entry is Issuer => {
    const { id, label, issuer, client, secret, icon = "m", claims = {} } = Object(entry) as Record<string, unknown>;
    if (![id, label, issuer, client, secret].every((value) => typeof value === "string")) return false;
    const fresh = /^[a-z][a-z0-9-]{0,30}$/.test(id as string) && !found.has(id as string);
    found.add(id as string);
    // Nothing but a path or a name: what is not drawn by us is never more than lines.
    if (typeof icon !== "string" || icon.length > 2_000 || !/^[a-z]+$|^m[\d\s,.+acehlmqstvz-]*$/i.test(icon)) return false;
    if (!isClaimNames(claims)) return false;
    return fresh && label !== "" && client !== "" && /^https?:/.test(issuer as string) && URL.canParse(issuer as string);
  };
  if (!Array.isArray(entries) || !entries.every(isIssuer)) throw new BadValue(`${wanted}; ids are lower-case words, each another`);
  return entries;
}
const isClaimNames = (claims: unknown) =>
  typeof claims === "object" &&
  Object.entries(claims ?? { "": "" }).every(
    ([name, value]) => (CLAIM_NAMES as readonly string[]).includes(name) && typeof value === "string" && value !== "",
  );
const RESERVED = [...Object.keys(KINDS).filter((kind) => kind !== "oidc"), "sso"];

const CAN_ASK = ["github", "x"];

export const SIGN_IN_VARIABLES = {
  X: { key: "x", default: "", secret: true, doc: "CLIENT_ID:SECRET (of OAuth 2.0) of an app at X. X asks for money.", parse: parseClient },
  FACEBOOK: { key: "facebook", default: "", secret: true, doc: "APP_ID:SECRET of an app at Meta with Facebook Login.", parse: parseClient },
  FACEBOOK_VERSION: {
    key: "facebookVersion",
    default: "v24.0",
    doc: "Version of Meta's Graph API that is spoken. Each ends some two years after it came: look at developers.facebook.com for how long this one lasts.",
    parse: (text) => {
      if (!/^v\d{1,3}\.\d{1,2}$/.test(text)) throw new BadValue("write a version such as v24.0");
      return text;
    },
  },
  GITHUB_URL: {
    key: "githubUrl",
    default: "https://github.com",
    doc: "The GitHub that is meant: the origin of your GitHub Enterprise Server instead, without a path.",
    parse: (text) => {
      const url = URL.canParse(text) ? new URL(text) : null;
      if (!url || !/^https?:$/.test(url.protocol) || url.href !== `${url.origin}/`)
        throw new BadValue("write an origin such as https://github.example");
      return url.origin;
    },
  },
  SIGN_IN_EMAIL: {
    key: "signInEmail",
    default: "",
    doc: "Of whose readers the e-mail is asked too, although that asks more of them: github, x or both (at X the app needs “Request email from users”). Without it they can't be written to before they add one.",
    parse: (text) => {
      const ids = parseList(text);
      if (!ids.every((id) => CAN_ASK.includes(id))) throw new BadValue(`write ${CAN_ASK.join(", ")} or both`);
      return ids;
    },
  },
  GITHUB: {
    key: "github",
    default: "",
    secret: true,
    doc: "CLIENT_ID:SECRET of an OAuth app at GitHub: readers sign in with it.",
    parse: parseClient,
  },
  GOOGLE: {
    key: "google",
    default: "",
    secret: true,
    doc: "CLIENT_ID:SECRET of an OAuth client at Google.",
    parse: parseClient,
  },
  WORDPRESS: {
    key: "wordpress",
    default: "",
    secret: true,
    doc: "CLIENT_ID:SECRET of an application at WordPress.com.",
    parse: parseClient,
  },
  OIDC: {
    key: "oidc",
    default: "",
    secret: true,
    doc: 'OpenID Connect issuers as a JSON list of {"id", "label", "issuer", "client", "secret"}, all texts; a secret of "" is a public client. With "icon", the path of an SVG on a field of 24 by 24, it has a drawing of its own instead of its first letter. Where an issuer calls its claims otherwise, "claims" has their names, such as {"name": "displayName"}: of name, handle, email, emailVerified, picture, url.',
    parse: parseIssuers,
  },
  MASTODON: {
    key: "mastodon",
    default: "off",
    doc: "on: readers sign in with Mastodon, each with a server of their own choice, which this server then asks and registers itself at.",
    parse: parseSwitch,
  },
  BLUESKY: {
    key: "bluesky",
    default: "off",
    doc: "on: readers sign in with Bluesky, or another server of atproto, by their handle. Then this server asks plc.directory, public.api.bsky.app, the handle's own domain and the server it names. PUBLIC_URL must be https, without a port.",
    parse: parseSwitch,
  },
} as const satisfies Record<string, Variable<keyof SignInConfig>>;
