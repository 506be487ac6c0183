import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { Refusal } from "../refusal.ts";
import { codePoints, PASSPHRASE_MIN } from "../wire/limits.ts";

/** OWASP's recommendation for scrypt: N=2^16, r=8, p=1 takes 64 MiB and about 0.2 s. */
const LOG_N = 16;
const R = 8;
const P = 1;
const BYTES = 32;

/** Threads of libuv are four and files need some; whoever comes when the line is full is told to try again. */
const AT_ONCE = 2;
const IN_LINE = 16;

let running = 0;
const line: (() => void)[] = [];

/** A PHC-like string: `$scrypt$ln=16,r=8,p=1$SALT$HASH`. Refusal `invalid` when it is too short. */
export async function hashPassphrase(passphrase: string): Promise<string> {
  if (codePoints(passphrase) < PASSPHRASE_MIN) throw new Refusal("invalid", { fields: { passphrase: "too_short" } });
  const salt = randomBytes(16);
  const hash = await derive(passphrase, salt, { logN: LOG_N, r: R, p: P });
  return `$scrypt$ln=${LOG_N},r=${R},p=${P}$${salt.toString("base64url")}$${hash.toString("base64url")}`;
}

/** Takes the same time whether there is a kept hash or not, so that nobody learns who has an account. */
export async function verifyPassphrase(kept: string | null, passphrase: string): Promise<boolean> {
  const parts = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d)\$([\w-]+)\$([\w-]+)$/.exec(kept ?? "");
  const [, logN = LOG_N, r = R, p = P, salt = "", hash = ""] = parts ?? [];
  const derived = await derive(passphrase, Buffer.from(salt, "base64url"), { logN: Number(logN), r: Number(r), p: Number(p) });
  const expected = Buffer.from(hash, "base64url");
  return parts !== null && expected.length === derived.length && timingSafeEqual(expected, derived);
}

async function derive(passphrase: string, salt: Buffer, { logN, r, p }: { logN: number; r: number; p: number }): Promise<Buffer> {
  await takeTurn();
  try {
    return await new Promise<Buffer>((resolve, reject) => {
      const options = { N: 2 ** logN, r, p, maxmem: 256 * 2 ** logN * r };
      // The same text typed on two keyboards can differ in bytes (NIST SP 800-63B 5.1.1.2).
      scrypt(passphrase.normalize("NFKC"), salt, BYTES, options, (error, key) => (error ? reject(error) : resolve(key)));
    });
  } finally {
    running--;
    line.shift()?.();
  }
}

async function takeTurn(): Promise<void> {
  if (running >= AT_ONCE) {
    if (line.length >= IN_LINE) throw new Refusal("busy", { retryAfter: 5 });
    await new Promise<void>((resolve) => line.push(resolve));
  }
  running++;
}
