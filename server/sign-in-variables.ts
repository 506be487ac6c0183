import { BadValue, type Client, parseClient, parseList, type Variable } from "./variable.ts";

/** What the environment says of X, Facebook and GitHub, beside the clients that stand in config.ts. */
export interface SignInConfig {
  x: Client | null;
  facebook: Client | null;
  /** Of Meta's Graph API. */
  facebookVersion: string;
  /** Origin of the GitHub that is meant. */
  githubUrl: string;
  /** Ids of the providers that are asked for the e-mail too, where that needs leave of its own. */
  signInEmail: string[];
}

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
} as const satisfies Record<string, Variable<keyof SignInConfig>>;
