// Writes server/comments/lookalikes.ts from confusables.txt of UTS #39: `npx tsx test/text/write-lookalikes.ts`.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { corpusText } from "../corpora.ts";

export const LOOKALIKES_FILE = join(import.meta.dirname, "../../server/comments/lookalikes.ts");

export interface Confusable {
  source: string;
  target: string;
}

/** All that the file has. */
export function readConfusables(): Confusable[] {
  const text = (codes: string) =>
    String.fromCodePoint(
      ...codes
        .trim()
        .split(/\s+/)
        .map((hex) => parseInt(hex, 16)),
    );
  return corpusText("unicode/confusables.txt")
    .split("\n")
    .map((line) => line.replace(/^\ufeff|#.*/g, "").split(";"))
    .filter((parts) => parts.length >= 3)
    .map(([source = "", target = ""]) => ({ source: text(source), target: text(target) }));
}

const WESTERN = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}0-9\p{Script=Inherited}]+$/u;

const WIDTH = 120;

/** What looks like letters or digits of Latin, Greek or Cyrillic, unless its compatibility form says so already. */
export function lookalikesTable(): string {
  const western = readConfusables().filter(({ target }) => WESTERN.test(target) && /[\p{L}\p{N}]/u.test(target));
  const known = new Map(western.map(({ source, target }) => [source, target]));
  const byTarget = new Map<string, string[]>();
  for (const { source, target } of western) {
    const form = source.normalize("NFKC");
    if (form !== source && [...form].map((part) => known.get(part) ?? part).join("") === target) continue;
    byTarget.set(target, [...(byTarget.get(target) ?? []), source]);
  }
  const hex = (text: string) => [...text].map((point) => point.codePointAt(0)!.toString(16)).join("+");
  const entries = [...byTarget].map(([target, sources]) => [target, ...sources].map(hex).join(" "));
  return entries.reduce((text, entry) => {
    const line = text.length - text.lastIndexOf("\n");
    return text === "" ? entry : `${text},${line + entry.length > WIDTH ? "\n" : " "}${entry}`;
  }, "");
}

if (process.argv[1]?.endsWith("write-lookalikes.ts")) {
  const notice = `/*
 * Made by test/text/write-lookalikes.ts from confusables.txt, version 14.0.0, of Unicode Security Mechanisms (UTS #39):
 * letters and digits of Latin, Greek and Cyrillic, each followed by what looks like it, as hexadecimal code points.
 *
 * Copyright © 2021 Unicode, Inc. Unicode License v3 (https://www.unicode.org/license.txt):
 * Permission is hereby granted, free of charge, to any person obtaining a copy of data files and any associated documentation
 * (the "Data Files") or software and any associated documentation (the "Software") to deal in the Data Files or Software
 * without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, and/or sell
 * copies of the Data Files or Software, and to permit persons to whom the Data Files or Software are furnished to do so,
 * provided that either (a) this copyright and permission notice appear with all copies of the Data Files or Software, or (b)
 * this copyright and permission notice appear in associated Documentation.
 * THE DATA FILES AND SOFTWARE ARE PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT
 * LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT OF THIRD PARTY RIGHTS.
 * IN NO EVENT SHALL THE COPYRIGHT HOLDER OR HOLDERS INCLUDED IN THIS NOTICE BE LIABLE FOR ANY CLAIM, OR ANY SPECIAL INDIRECT
 * OR CONSEQUENTIAL DAMAGES, OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF
 * CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THE DATA FILES
 * OR SOFTWARE. Except as contained in this notice, the name of a copyright holder shall not be used in advertising or
 * otherwise to promote the sale, use or other dealings in these Data Files or Software without prior written authorization of
 * the copyright holder.
 */`;
  writeFileSync(LOOKALIKES_FILE, `${notice}\nexport const LOOKALIKES = \`\n${lookalikesTable()}\n\`;\n`);
}
