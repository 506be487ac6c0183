/** The one key with which a site signs its own users in. */
import { createPublicKey } from "node:crypto";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { Site } from "../store/records.ts";
import type { FieldCode } from "../wire/refusal.ts";
import type { Sso } from "../wire/site-user.ts";

/** RFC 7518 3.2: a key as long as the hash. */
const SECRET_BYTES = 32;

/** As it is kept: a secret sealed for this site alone, a public key as the 32 bytes that RFC 8037 calls `x`. Refusal `invalid`. */
export function keepSso({ keys }: Pick<Services, "keys">, site: Site, { algorithm, key, roles }: Sso): Sso {
  const former = site.settings.sso;
  const written = key.trim();
  if (written === "" && former?.algorithm === algorithm) return { algorithm, key: former.key, roles };
  if (written === "") throw wrong("required");
  if (algorithm === "EdDSA") return { algorithm, key: readPublicKey(written), roles };
  if (Buffer.byteLength(written) < SECRET_BYTES) throw wrong("too_short");
  // A public key as a secret: whoever reads it could sign.
  if (/^-----BEGIN|^\{/.test(written)) throw wrong("invalid");
  return { algorithm, key: keys.seal("sso", JSON.stringify([site.id, written])), roles };
}

/** As the panel is shown it: a secret never comes back. */
export const toSsoWire = (sso: Sso | null): Sso | null => sso && { ...sso, key: sso.algorithm === "EdDSA" ? sso.key : "" };

/** Null when it was sealed with another SECRET_KEY, or for another site. */
export function openSecret({ keys }: Pick<Services, "keys">, site: number, sealed: string): string | null {
  const [whose, secret] = JSON.parse(keys.open("sso", sealed) ?? "[]") as [number?, string?];
  return whose === site ? (secret ?? null) : null;
}

/** Of a PEM (SPKI), a JWK, or the bare 32 bytes in base64url. A private key is refused: it must stay where it is. */
function readPublicKey(text: string): string {
  try {
    if (/^[\w-]{43}$/.test(text)) return fromJwk({ kty: "OKP", crv: "Ed25519", x: text });
    if (text.startsWith("{")) return fromJwk(JSON.parse(text) as Record<string, unknown>);
    if (!text.startsWith("-----BEGIN PUBLIC KEY-----")) throw wrong("invalid");
    return fromJwk(createPublicKey(text).export({ format: "jwk" }));
  } catch {
    throw wrong("invalid");
  }
}

function fromJwk({ kty, crv, x, d }: Record<string, unknown>): string {
  if (kty !== "OKP" || crv !== "Ed25519" || typeof x !== "string" || d !== undefined) throw wrong("invalid");
  const { x: own } = createPublicKey({ key: { kty, crv, x }, format: "jwk" }).export({ format: "jwk" });
  return own ?? "";
}

const wrong = (code: FieldCode) => new Refusal("invalid", { fields: { sso: code } });
