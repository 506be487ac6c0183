/**
 * Pictures from elsewhere, taken apart and put together again: only what draws one still image stays, so that no place where
 * it was taken, no film, and nothing that hides behind its end comes along. What is drawn is not looked at.
 */
export type ImageType = "image/png" | "image/jpeg" | "image/webp" | "image/gif";

export interface Image {
  type: ImageType;
  bytes: Buffer;
}

/** Bytes as they come. */
const HEAVIEST = 512 * 1024;
/** Pixels each way; a face is shown at 32, and what declares more than it has must not fill a reader's memory (S-39). */
const LARGEST = 2_048;

/** Null for whatever is no whole picture of a known kind, or too large. What its sender calls it is not asked (S-20). */
export function cleanImage(bytes: Buffer): Image | null {
  if (bytes.length > HEAVIEST) return null;
  const clean = KINDS.find(({ begins }) => begins(bytes))?.clean(bytes);
  if (!clean || clean.width < 1 || clean.height < 1 || clean.width > LARGEST || clean.height > LARGEST) return null;
  return { type: clean.type, bytes: Buffer.concat(clean.parts) };
}

interface Clean {
  type: ImageType;
  width: number;
  height: number;
  parts: Buffer[];
}

interface Kind {
  begins(bytes: Buffer): boolean;
  clean(bytes: Buffer): Clean | null;
}

const startsWith = (bytes: Buffer, text: string, at = 0) => bytes.toString("latin1", at, at + text.length) === text;

const KINDS: readonly Kind[] = [
  { begins: (bytes) => startsWith(bytes, "\x89PNG\r\n\x1a\n"), clean: cleanPng },
  { begins: (bytes) => startsWith(bytes, "\xff\xd8\xff"), clean: cleanJpeg },
  { begins: (bytes) => startsWith(bytes, "RIFF") && startsWith(bytes, "WEBP", 8), clean: cleanWebp },
  { begins: (bytes) => startsWith(bytes, "GIF87a") || startsWith(bytes, "GIF89a"), clean: cleanGif },
];

/** PNG 5.3 and 11: what is drawn, and in which colours. An animation's frames are ancillary, and go. */
const PNG_CHUNKS = new Set(["IHDR", "PLTE", "tRNS", "gAMA", "sRGB", "IDAT", "IEND"]);

function cleanPng(bytes: Buffer): Clean | null {
  const parts = [bytes.subarray(0, 8)];
  if (bytes.length < 33 || !startsWith(bytes, "IHDR", 12)) return null;
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 12 + bytes.readUInt32BE(at);
    const name = bytes.toString("latin1", at + 4, at + 8);
    if (end > bytes.length) return null;
    if (PNG_CHUNKS.has(name)) parts.push(bytes.subarray(at, end));
    if (name === "IEND") return { type: "image/png", width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), parts };
    at = end;
  }
  return null;
}

const [SOI, EOI, SOS, COM, TEM] = [0xd8, 0xd9, 0xda, 0xfe, 0x01];
/** ITU T.81 B.1.1.3: frame headers, among which stand three that are none. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
const isRestart = (marker: number) => marker >= 0xd0 && marker <= 0xd7;

function cleanJpeg(bytes: Buffer): Clean | null {
  const parts = [bytes.subarray(0, 2)];
  let [width, height] = [0, 0];
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === EOI) break;
    if (marker === SOI || marker === TEM || isRestart(marker) || marker === 0) return null;
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (end > bytes.length || end < at + 4) return null;
    if (isFrame(marker)) {
      if (width > 0 || end < at + 9) return null;
      [height, width] = [bytes.readUInt16BE(at + 5), bytes.readUInt16BE(at + 7)];
    }
    const until = marker === SOS ? endOfScan(bytes, end) : end;
    if (isDrawn(bytes, marker, at)) parts.push(bytes.subarray(at, until));
    at = until;
  }
  if (bytes[at] !== 0xff || bytes[at + 1] !== EOI) return null;
  return { type: "image/jpeg", width, height, parts: [...parts, bytes.subarray(at, at + 2)] };
}

/** Application data and comments go, but for Adobe's twelve bytes that say which colours these are. */
const isDrawn = (bytes: Buffer, marker: number, at: number) =>
  marker === 0xee
    ? bytes.readUInt16BE(at + 2) === 14 && startsWith(bytes, "Adobe", at + 4)
    : marker !== COM && (marker < 0xe0 || marker > 0xef);

/** Within a scan 0xff stands before 0, before a restart, or before the marker that ends it. */
function endOfScan(bytes: Buffer, from: number): number {
  let at = from;
  while (at + 1 < bytes.length && !(bytes[at] === 0xff && bytes[at + 1] !== 0 && !isRestart(bytes[at + 1]!))) at++;
  return at;
}

/** RFC 9649 2.7: a picture as it is, or with its transparency; never an animation. */
function cleanWebp(bytes: Buffer): Clean | null {
  const found = new Map<string, Buffer>();
  for (let at = 12; at + 8 <= bytes.length && !found.has("VP8 ") && !found.has("VP8L");) {
    const name = bytes.toString("latin1", at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    const end = at + 8 + size + (size & 1);
    if (end > bytes.length + (size & 1) || name === "ANIM" || name === "ANMF") return null;
    const body = Buffer.alloc(end - at);
    bytes.copy(body, 0, at, Math.min(end, bytes.length));
    found.set(name, body);
    at = end;
  }
  const [lossy, lossless, alpha] = [found.get("VP8 "), found.get("VP8L"), found.get("ALPH")];
  const size = lossy ? lossySize(lossy) : lossless ? losslessSize(lossless) : null;
  if (!size || size.width < 1 || size.height < 1) return null;
  const chunks = lossy && alpha ? [extended(size), alpha, lossy] : [(lossy ?? lossless)!];
  const head = Buffer.from("RIFF\0\0\0\0WEBP", "latin1");
  head.writeUInt32LE(4 + chunks.reduce((sum, chunk) => sum + chunk.length, 0), 4);
  return { type: "image/webp", ...size, parts: [head, ...chunks] };
}

interface Size {
  width: number;
  height: number;
}

/** RFC 6386 9.1, after the eight bytes of the chunk's own head. */
const lossySize = (chunk: Buffer): Size | null =>
  chunk.length >= 18 && startsWith(chunk, "\x9d\x01\x2a", 11)
    ? { width: chunk.readUInt16LE(14) & 0x3fff, height: chunk.readUInt16LE(16) & 0x3fff }
    : null;

/** RFC 9649 3.4. */
const losslessSize = (chunk: Buffer): Size | null => {
  if (chunk.length < 13 || chunk[8] !== 0x2f) return null;
  const bits = chunk.readUInt32LE(9);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
};

function extended({ width, height }: Size): Buffer {
  const chunk = Buffer.from("VP8X\x0a\0\0\0\x10\0\0\0\0\0\0\0\0\0", "latin1");
  chunk.writeUIntLE(width - 1, 12, 3);
  chunk.writeUIntLE(height - 1, 15, 3);
  return chunk;
}

/** GIF89a: the first image with its own colours and transparency. */
function cleanGif(bytes: Buffer): Clean | null {
  if (bytes.length < 13) return null;
  const colours = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  let at = 13 + colours(bytes[10]!);
  const parts = [bytes.subarray(0, at)];
  for (let control = Buffer.alloc(0); at < bytes.length;) {
    const [block, label] = [bytes[at], bytes[at + 1]];
    if (block !== 0x21 && block !== 0x2c) return null;
    const data = block === 0x21 ? at + 2 : at + 11 + colours(bytes[at + 9] ?? 0);
    const end = endOfBlocks(bytes, data);
    if (end === null) return null;
    if (block === 0x2c) {
      const trailer = Buffer.from([0x3b]);
      return {
        type: "image/gif",
        width: bytes.readUInt16LE(6),
        height: bytes.readUInt16LE(8),
        parts: [...parts, control, bytes.subarray(at, end), trailer],
      };
    }
    if (label === 0xf9) control = Buffer.from(bytes.subarray(at, end));
    at = end;
  }
  return null;
}

/** Each begins with its length; one of none ends them. */
function endOfBlocks(bytes: Buffer, from: number): number | null {
  for (let at = from; at < bytes.length; at += 1 + bytes[at]!) if (bytes[at] === 0) return at + 1;
  return null;
}
