import { createHash } from "node:crypto";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";

/** A form token is good for this long; the widget renews it without a word. */
export const FORM_TOKEN_MS = 2 * 3_600_000;
/** For so long an author still sees their own held comment. */
const AUTHOR_MS = 30 * 86_400_000;

type Signing = Pick<Services, "keys" | "now" | "randomBytes">;

/** A token that says when the box was opened on this site. Kept nowhere until a stored comment uses it up. */
export function issueFormToken({ keys, now, randomBytes }: Signing, site: number): string {
  const parts = [now(), randomBytes(9).toString("base64url")] as const;
  return `${parts[0].toString(36)}.${parts[1]}.${keys.sign("form-token", [site, ...parts])}`;
}

/** Its age in milliseconds, and the hash under which it is used up. Refusal `token_invalid`. */
export function readFormToken({ keys, now }: Omit<Signing, "randomBytes">, site: number, token: string): { age: number; hash: string } {
  const [issued = "", nonce = "", signature = ""] = token.split(".");
  const at = Number.parseInt(issued, 36);
  const age = now() - at;
  if (!keys.verify("form-token", [site, at, nonce], signature) || age < 0 || age > FORM_TOKEN_MS) throw new Refusal("token_invalid");
  return { age, hash: sha256(nonce) };
}

/** Proves who wrote a comment, until `until`: an HMAC over site, id and expiry. */
export function issueEditToken({ keys }: Pick<Services, "keys">, comment: { site: number; id: string }, until: number): string {
  return `${until.toString(36)}.${keys.sign("edit-token", [comment.site, comment.id, until])}`;
}

/** Until when its bearer may edit this comment, or null when it is not theirs. */
export function readEditToken(
  { keys, now }: Pick<Services, "keys" | "now">,
  comment: { site: number; id: string },
  token: string,
): number | null {
  const [expires = "", signature = ""] = token.split(".");
  const until = Number.parseInt(expires, 36);
  return keys.verify("edit-token", [comment.site, comment.id, until], signature) && now() < until + AUTHOR_MS ? until : null;
}

export const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
