import { createReadStream } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ForeignComment, ImportError } from "../../server/import/importer.ts";
import { readWxr } from "../../server/import/wxr.ts";
import { corpusPath, corpusText, haveCorpora } from "../corpora.ts";
import { type Desk, importDesk } from "./import-setup.ts";

interface Expected {
  comments: number;
  approved: Record<string, number>;
  types: Record<string, number>;
  replies: number;
  orphan_replies: number;
}
const files = haveCorpora
  ? corpusText("import/EXPECTED.tsv")
      .split("\n")
      .map((line) => line.split("\t"))
      .filter(([, format]) => format === "wxr")
      .map(([file, , counts]) => [file!, JSON.parse(counts!) as Expected] as const)
  : [];

/** Not well-formed: one clear error says where. */
const MALFORMED: Record<string, RegExp> = {
  "import/remark42-wordpress-2.xml": /not well-formed XML at 33:\d+: unclosed tag: wp:comment_content/,
  "import/wp-importer/malformed.xml": /not well-formed XML at 90:\d+: unexpected close tag/,
  "import/wp-importer/malformed-simple.xml": /not well-formed XML at 14:\d+: unclosed tag: item/,
};

let desk: Desk;
beforeEach(async () => void (desk = await importDesk()));
afterEach(() => desk.close());

const STATE_OF: Record<string, string> = { "1": "approved", "0": "held", null: "held", spam: "spam", trash: "trash" };

function tally(names: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function expectedStates({ approved }: Expected): Record<string, number> {
  return tally(Object.entries(approved).flatMap(([state, n]) => Array<string>(n).fill(STATE_OF[state]!)));
}

describe.skipIf(!haveCorpora)("WordPress exports of others", () => {
  test.each(files)("%s holds what was counted in it", async (file, expected) => {
    const malformed = MALFORMED[file];
    const path = corpusPath(file);
    if (malformed) {
      const failure = await desk.run(path).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ImportError);
      expect((failure as Error).message).toMatch(malformed);
      expect(await desk.rows()).toEqual([]);
      return;
    }
    const read: ForeignComment[] = [];
    for await (const comment of readWxr(createReadStream(path, "utf8") as AsyncIterable<string>)) read.push(comment);
    expect(read.length).toBe(expected.comments);
    expect(tally(read.map(({ kind }) => kind))).toEqual(expected.types);
    expect(tally(read.map(({ status }) => status))).toEqual(expectedStates(expected));
    expect(read.filter(({ parent }) => parent !== null).length).toBe(expected.replies);
  });

  test.each(files.filter(([file, { comments }]) => comments > 0 && !MALFORMED[file]))(
    "%s is imported whole, and a second time adds nothing",
    async (file, expected) => {
      const path = corpusPath(file);
      const { elsewhere } = await desk.run(path, { dryRun: true, pingbacks: true });
      const hosts = Object.keys(elsewhere).filter(Boolean);
      const first = await desk.run(path, { pingbacks: true, hosts });
      const unlinked = first.elsewhere[""] ?? 0;
      expect(first.added + first.empty + unlinked).toBe(expected.comments);
      expect({ repeated: first.repeated, orphans: first.orphans }).toEqual({ repeated: 0, orphans: expected.orphan_replies });
      const rows = await desk.rows();
      expect(rows.length).toBe(first.added);
      if (unlinked === 0) expect(tally(rows.map(({ status }) => status))).toEqual(expectedStates(expected));
      expect(rows.filter(({ parent }) => parent !== null).length).toBe(expected.replies);
      const second = await desk.run(path, { pingbacks: true, hosts });
      expect({ added: second.added, known: second.known }).toEqual({ added: 0, known: first.added });
      expect(await desk.rows()).toEqual(rows);
    },
  );
});
