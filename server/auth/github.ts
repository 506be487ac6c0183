import type { Spoken } from "./dance.ts";
import { type Claims, profileOf } from "./profile.ts";

/** https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps. `base` is another one for an Enterprise Server. */
export function github({ base, email }: { base: string; email: boolean }): Spoken {
  const api = base === "https://github.com" ? "https://api.github.com" : `${base}/api/v3`;
  return {
    endpoints: {
      // As it names itself in its answers (RFC 9207) since April 2026.
      issuer: `${base}/login/oauth`,
      authorize: `${base}/login/oauth/authorize`,
      token: `${base}/login/oauth/access_token`,
      profile: `${api}/user`,
      ...(email && { emails: `${api}/user/emails` }),
      // Else it would be good for ever (https://docs.github.com/en/rest/apps/oauth-applications).
      takeBack: (token, { client, secret }) => ({
        address: `${api}/applications/${encodeURIComponent(client)}/token`,
        ask: {
          method: "DELETE",
          headers: {
            ...HEADERS,
            authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString("base64")}`,
            "content-type": "application/json",
          },
          body: JSON.stringify({ access_token: token }),
        },
      }),
      headers: HEADERS,
    },
    // What is public needs no scope.
    scopes: email ? "user:email" : "",
    clientAuth: "post",
    toProfile,
  };
}

const HEADERS = { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" };

/** The login can be given up and taken by another: the subject is the number. */
const toProfile = ({ id, name, login, avatar_url, html_url, emails }: Claims) =>
  profileOf({
    subject: id,
    name,
    handle: login,
    ...(Array.isArray(emails) && { email: chosen(emails as unknown[]), emailVerified: true }),
    picture: avatar_url,
    url: html_url,
  });

/** The profile's own e-mail is only what somebody wrote there. Letters to a noreply address reach nobody. */
function chosen(emails: readonly unknown[]): unknown {
  const good = emails.map((entry) => Object(entry) as Record<string, unknown>).filter(({ verified }) => verified === true);
  const { email } = good.find(({ primary }) => primary === true) ?? {};
  return typeof email === "string" && !/@users\.noreply\./i.test(email) ? email : "";
}
