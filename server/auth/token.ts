import { createHash } from "node:crypto";

/** 256 bits, base64url: 43 characters. */
export const newToken = (randomBytes: (size: number) => Buffer): string => randomBytes(32).toString("base64url");

/** Only this is kept: a stolen database opens nothing. */
export const hashToken = (token: string): string => createHash("sha256").update(token).digest("hex");
