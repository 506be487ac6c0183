import { createHash, randomFillSync } from "node:crypto";

/** UUIDv7 text from 48 bits of milliseconds and ten bytes of which 74 bits are kept (RFC 9562 5.7). */
function uuid7(at: number, rest: Uint8Array): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(at, 0, 6);
  bytes.set(rest.subarray(0, 10), 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A maker of UUIDv7 ids that always rise, also within one millisecond or when the clock steps back (RFC 9562 6.2, method 1: a counter in rand_a). */
export function idMaker(now: () => number): () => string {
  let last = 0;
  let counter = 0;
  const rest = Buffer.alloc(10);
  return () => {
    const at = now();
    if (at > last) {
      last = at;
      counter = 0;
    } else if (++counter > 0xfff) {
      last++;
      counter = 0;
    }
    randomFillSync(rest, 2);
    rest.writeUInt16BE(counter, 0);
    return uuid7(last, rest);
  };
}

/** The id of an imported comment: always the same for the same source and time, so that a second import adds nothing. */
export function idOf(at: number, source: string): string {
  return uuid7(Math.max(0, at), createHash("sha256").update(source).digest());
}

/** Milliseconds since 1970 of a UUIDv7. */
export function timeOf(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
