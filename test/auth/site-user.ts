import { createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

export const part = (value: unknown): string =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

/** A token as a site's own server makes it, for HS256 with a text and for EdDSA with a private key. */
export function token(
  claims: unknown,
  key: string | KeyObject,
  header: unknown = { alg: typeof key === "string" ? "HS256" : "EdDSA", typ: "JWT" },
): string {
  const said = `${part(header)}.${part(claims)}`;
  const signature = typeof key === "string" ? createHmac("sha256", key).update(said).digest() : sign(null, Buffer.from(said), key);
  return `${said}.${signature.toString("base64url")}`;
}

export const edKeys = () => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return { privateKey, pem: publicKey.export({ type: "spki", format: "pem" }), jwk: publicKey.export({ format: "jwk" }) };
};
