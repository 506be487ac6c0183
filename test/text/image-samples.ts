/** Small pictures made by hand, with what cameras and programs leave in them. */
import { crc32 as zlibCrc, deflateSync } from "node:zlib";

const u32 = (n: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(n >>> 0);
  return bytes;
};

/** PNG 5.5; zlib's own came with a later Node. */
function crcOf(bytes: Buffer): number {
  if (typeof zlibCrc === "function") return zlibCrc(bytes);
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

export const pngChunk = (name: string, data: Buffer): Buffer => {
  const named = Buffer.concat([Buffer.from(name, "latin1"), data]);
  return Buffer.concat([u32(data.length), named, u32(crcOf(named))]);
};

/** One colour, red unless said. `extra` stands before the pixels. */
export function png({ width = 4, height = 4, colour = [255, 0, 0], extra = [] as Buffer[] } = {}): Buffer {
  const row = Buffer.concat([Buffer.from([0]), ...Array.from({ length: Math.min(width, 64) }, () => Buffer.from(colour))]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: Math.min(height, 64) }, () => row)));
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    pngChunk("IHDR", Buffer.concat([u32(width), u32(height), Buffer.from([8, 2, 0, 0, 0])])),
    ...extra,
    pngChunk("IDAT", pixels),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A segment of a JPEG, such as 0xe1 for Exif. */
export const jpegSegment = (marker: number, data: string): Buffer => {
  const bytes = Buffer.from(data, "latin1");
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(bytes.length + 2, 2);
  return Buffer.concat([head, bytes]);
};

/** Puts segments where a camera does: after the first two bytes. */
export const intoJpeg = (jpeg: Buffer, ...segments: Buffer[]): Buffer =>
  Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);

export const gif = (): Buffer => Buffer.from("R0lGODlhAQABAIAAAP8AAP///yH5BAEAAAEALAAAAAABAAEAAAICRAEAOw==", "base64");

/** With a comment, an endless loop and a second frame. */
export function animatedGif(): Buffer {
  const one = gif();
  const frame = one.subarray(19, -1);
  const said = Buffer.from("\x21\xfe\x06secret\0\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0", "latin1");
  return Buffer.concat([one.subarray(0, 19), said, frame, frame, Buffer.from([0x3b])]);
}

export const webpChunk = (name: string, data: Buffer): Buffer => {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(data.length);
  return Buffer.concat([Buffer.from(name, "latin1"), size, data, Buffer.alloc(data.length & 1)]);
};

export function webp(...chunks: Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.from("WEBP", "latin1"), ...chunks]);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(body.length);
  return Buffer.concat([Buffer.from("RIFF", "latin1"), size, body]);
}

export const HOSTILE: Record<string, string> = {
  html: "<!doctype html><script>alert(1)</script>",
  svg: '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
  xml: '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>',
  pdf: "%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
  javascript: "/*\x89PNG*/alert(1)",
  nothing: "",
  "GIF89a and a script": "GIF89a/*<script>*/=1;alert(1)",
  "PNG's beginning and markup": "\x89PNG\r\n\x1a\n<html><script>alert(1)</script>",
  "JPEG's beginning and markup": "\xff\xd8\xff\xe0<html><script>alert(1)</script>\xff\xd9",
  "WebP's beginning and markup": "RIFF\x20\0\0\0WEBP<html><script>alert(1)</script>",
};
