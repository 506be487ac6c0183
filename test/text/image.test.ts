import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleanImage } from "../../server/comments/image.ts";
import { animatedGif, gif, HOSTILE, intoJpeg, jpegSegment, png, pngChunk, webp, webpChunk } from "./image-samples.ts";

/** Enough of a JPEG for its order: tables, a frame of 4 by 4, a scan with a restart and a stuffed 0xff, the end. */
const JPEG = Buffer.concat([
  Buffer.from([0xff, 0xd8]),
  jpegSegment(0xdb, "\0".repeat(65)),
  jpegSegment(0xc0, "\x08\0\x04\0\x04\x01\x01\x11\0"),
  jpegSegment(0xc4, "\0".repeat(20)),
  jpegSegment(0xda, "\x01\x01\0\0\x3f\0"),
  Buffer.from([1, 2, 0xff, 0, 3, 0xff, 0xd0, 4, 0xff, 0xd9]),
]);
const LOSSY = Buffer.from("\0\0\0\x9d\x01\x2a\x04\0\x04\0pixels", "latin1");
const LOSSLESS = Buffer.from("\x2f\x03\xc0\0\0pixels", "latin1");

describe("of what is left of a picture", () => {
  const pictures: [string, Buffer, string][] = [
    ["PNG", png(), "image/png"],
    ["JPEG", JPEG, "image/jpeg"],
    ["GIF", gif(), "image/gif"],
    ["WebP", webp(webpChunk("VP8 ", LOSSY)), "image/webp"],
    ["WebP without loss", webp(webpChunk("VP8L", LOSSLESS)), "image/webp"],
  ];
  test.each(pictures)("a plain %s is all of it", (_, bytes, type) => {
    expect(cleanImage(bytes)).toEqual({ type, bytes });
  });

  test.each(pictures)("what hides behind the end of a %s is gone", (_, bytes) => {
    expect(cleanImage(Buffer.concat([bytes, Buffer.from("%PDF-1.7 <script>")]))?.bytes).toEqual(bytes);
  });

  test.each(pictures)("a %s that ends early is none", (_, bytes) => {
    for (let length = 0; length < bytes.length - 1; length++) expect(cleanImage(bytes.subarray(0, length)), String(length)).toBeNull();
  });

  test("where, when and by what it was taken is gone from a JPEG, and its colours stay", () => {
    const adobe = jpegSegment(0xee, "Adobe\0d\0\0\0\0\x01");
    const full = intoJpeg(
      JPEG,
      jpegSegment(0xe0, "JFIF\0\x01\x02\0\0\x01\0\x01\0\0"),
      jpegSegment(0xe1, "Exif\0\0GPSLatitude 52.5"),
      jpegSegment(0xe1, "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>secret</x:xmpmeta>"),
      jpegSegment(0xed, "Photoshop 3.0\x008BIM"),
      adobe,
      jpegSegment(0xfe, "a comment"),
    );
    expect(cleanImage(full)?.bytes).toEqual(intoJpeg(JPEG, adobe));
  });

  test("the same from a PNG, with the frames of an animation", () => {
    const extra = [
      pngChunk("tEXt", Buffer.from("Author\0Anna")),
      pngChunk("eXIf", Buffer.from("GPS")),
      pngChunk("iTXt", Buffer.from("XML:com.adobe.xmp\0\0\0\0\0<x>")),
      pngChunk("acTL", Buffer.alloc(8)),
      pngChunk("fdAT", Buffer.from("frame")),
    ];
    expect(cleanImage(png({ extra }))?.bytes).toEqual(png());
  });

  test("the first image is left of a GIF that moves", () => {
    expect(cleanImage(animatedGif())?.bytes).toEqual(gif());
  });

  test("the same from a WebP, whose transparency stays; one that moves is none", () => {
    const head = webpChunk("VP8X", Buffer.from("\x3c\0\0\0\x03\0\0\x03\0\0", "latin1"));
    const chunks = [webpChunk("ALPH", Buffer.from("alpha")), webpChunk("VP8 ", LOSSY)];
    const full = webp(
      head,
      webpChunk("ICCP", Buffer.from("profile")),
      ...chunks,
      webpChunk("EXIF", Buffer.from("GPS")),
      webpChunk("XMP ", Buffer.from("<x>")),
    );
    const bare = webpChunk("VP8X", Buffer.from("\x10\0\0\0\x03\0\0\x03\0\0", "latin1"));
    expect(cleanImage(full)?.bytes).toEqual(webp(bare, ...chunks));
    expect(cleanImage(webp(head, webpChunk("ANIM", Buffer.alloc(6)), ...chunks))).toBeNull();
  });
});

describe("refused is", () => {
  test.each(Object.entries(HOSTILE))("%s (S-20)", (_, text) => expect(cleanImage(Buffer.from(text, "latin1"))).toBeNull());

  test("what declares more pixels than a face needs (S-39)", () => {
    for (const [width, height] of [
      [65_535, 65_535],
      [4, 2_049],
      [0, 4],
    ] as const)
      expect(cleanImage(png({ width, height })), `${width}x${height}`).toBeNull();
    expect(cleanImage(png({ width: 2_048, height: 2_048 }))).not.toBeNull();
  });

  test("what is heavier than a face needs", () => {
    const heavy = png({ extra: [pngChunk("tEXt", Buffer.alloc(600_000))] });
    expect(cleanImage(heavy)).toBeNull();
  });
});

test("whatever comes, the answer is a picture or none, and cleaning it again changes nothing", () => {
  const seeds = [png(), JPEG, gif(), animatedGif(), webp(webpChunk("ALPH", LOSSY), webpChunk("VP8 ", LOSSY))];
  const damaged = fc.tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 8 }));
  fc.assert(
    fc.property(damaged, ([seed, changes]) => {
      const bytes = Buffer.from(seed);
      for (const [at, to] of changes) bytes[at % bytes.length] = to;
      const clean = cleanImage(bytes);
      if (clean) expect(cleanImage(clean.bytes)).toEqual(clean);
    }),
    { numRuns: 20_000 },
  );
});
