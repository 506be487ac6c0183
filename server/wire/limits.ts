/** Of the fields that a writer fills, in code points. */
export const FIELD_LIMITS = {
  name: 80,
  /** RFC 5321 4.5.3.1.3: a path is at most 256 octets with its angle brackets. */
  email: 254,
  website: 300,
  body: 10_000,
} as const;

/** Limits that both sides know. Lengths are Unicode code points unless a name says bytes; times are milliseconds unless it says seconds. */
export const LIMITS = {
  ...FIELD_LIMITS,
  title: 200,
  url: 2_048,
  /** An Idempotency-Key: printable ASCII, draft-ietf-httpapi-idempotency-key-header. */
  idempotencyKey: 128,
  search: 200,
  passphrase: 200,
  rules: 2_000,
  words: 1_000,
  /** One answer of the thread never holds more than this, so that a large page costs a reader no more than a small one. */
  threads: 50,
  comments: 200,
  /** Replies that “Show N more replies” brings at once. */
  replies: 100,
  counts: 50,
  /** Comments that one live event tells of; above it readers load anew. */
  liveChanges: 100,
  queue: 50,
  bulk: 200,
  origins: 50,
  /** A request body of JSON, in bytes: 10,000 code points escaped as \uXXXX pairs, and the other fields. */
  requestBytes: 160_000,
} as const;

/** Pages that one stream follows: the tabs of a browser that are seen at once share it. */
export const LIVE_PAGES = 10;

/** A passphrase shorter than this is refused (NIST SP 800-63B asks for at least 8; an owner alone behind it for more). */
export const PASSPHRASE_MIN = 12;

/** Length of a text in code points, the unit of every limit on text. */
export function codePoints(text: string): number {
  let n = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 0xd800 || c > 0xdbff || i + 1 === text.length) n++;
    else {
      const next = text.charCodeAt(i + 1);
      if (next >= 0xdc00 && next <= 0xdfff) i++;
      n++;
    }
  }
  return n;
}
