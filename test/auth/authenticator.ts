import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** What an authenticator and its browser sign, so that a test can have them sign anything. */
export interface Says {
  origin: string;
  rpId?: string;
  crossOrigin?: boolean;
  topOrigin?: string;
  type?: string;
  counter?: number;
}

/** An authenticator of one passkey (WebAuthn 6), which knows nothing of its user. */
export function authenticator() {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const id = randomBytes(16);
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });

  const client = (challenge: string, { origin, crossOrigin = false, topOrigin, type }: Says, usual: string) =>
    Buffer.from(JSON.stringify({ type: type ?? usual, challenge, origin, crossOrigin, ...(topOrigin !== undefined && { topOrigin }) }));
  const data = (flags: number, { rpId = "comments.example", counter = 0 }: Says, more: Buffer[] = []) => {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([sha256(Buffer.from(rpId)), Buffer.from([flags]), count, ...more]);
  };
  const credential = (response: Record<string, Buffer>) => {
    const own = Object.fromEntries(Object.entries(response).map(([name, bytes]) => [name, bytes.toString("base64url")]));
    const name = id.toString("base64url");
    return JSON.stringify({ id: name, rawId: name, type: "public-key", response: own, clientExtensionResults: {} });
  };

  return {
    id: id.toString("base64url"),
    /** navigator.credentials.create() */
    create(challenge: string, says: Says): string {
      const key = [map(5), int(1), int(2), int(3), int(-7), int(-1), int(1), int(-2), bytes(b64(x)), int(-3), bytes(b64(y))];
      const made = data(PRESENT | ATTESTED, says, [Buffer.alloc(16), Buffer.from([0, id.length]), id, ...key]);
      const attestationObject = Buffer.concat([map(3), text("fmt"), text("none"), text("attStmt"), map(0), text("authData"), bytes(made)]);
      return credential({ clientDataJSON: client(challenge, says, "webauthn.create"), attestationObject });
    },
    /** navigator.credentials.get() */
    get(challenge: string, says: Says): string {
      const clientDataJSON = client(challenge, says, "webauthn.get");
      const authenticatorData = data(PRESENT, says);
      const signature = sign("sha256", Buffer.concat([authenticatorData, sha256(clientDataJSON)]), privateKey);
      return credential({ clientDataJSON, authenticatorData, signature });
    },
  };
}

const PRESENT = 0x01;
const ATTESTED = 0x40;
const sha256 = (data: Buffer) => createHash("sha256").update(data).digest();
const b64 = (value: string) => Buffer.from(value, "base64url");

/** CBOR (RFC 8949 3): a kind and a number, then what it counts. */
function head(kind: number, n: number): Buffer {
  if (n < 24) return Buffer.from([(kind << 5) | n]);
  return n < 256 ? Buffer.from([(kind << 5) | 24, n]) : Buffer.from([(kind << 5) | 25, n >> 8, n & 255]);
}
const int = (n: number) => (n < 0 ? head(1, -1 - n) : head(0, n));
const bytes = (data: Buffer) => Buffer.concat([head(2, data.length), data]);
const text = (value: string) => Buffer.concat([head(3, value.length), Buffer.from(value)]);
const map = (pairs: number) => head(5, pairs);
