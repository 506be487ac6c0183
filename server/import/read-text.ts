import { createReadStream } from "node:fs";
import { ImportError } from "./importer.ts";

/** A file as text, piece by piece: in the encoding of its byte order mark or its XML declaration (XML 1.0, appendix F), else UTF-8. */
export async function* readText(file: string): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  for await (const bytes of createReadStream(file) as AsyncIterable<Buffer>) {
    decoder ??= decoderFor(bytes);
    yield decoder.decode(bytes, { stream: true });
  }
  if (decoder) yield decoder.decode();
}

function decoderFor(bytes: Buffer): TextDecoder {
  const head = bytes.toString("latin1", 0, 200);
  if (head.startsWith("\xff\xfe")) return new TextDecoder("utf-16le");
  if (head.startsWith("\xfe\xff")) return new TextDecoder("utf-16be");
  const declared = /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(head)?.[1] ?? "utf-8";
  // Whoever could read so far knows that it is not UTF-16.
  if (/^utf-?16/i.test(declared)) return new TextDecoder();
  try {
    return new TextDecoder(declared);
  } catch (cause) {
    throw new ImportError(`The export says that it is written in ${declared}, which is not known here.`, { cause });
  }
}
