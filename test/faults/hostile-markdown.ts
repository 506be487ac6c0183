/** S-36, S-37: texts on which parsers, link finders and highlighters are slow, at the limit of what may be posted and above. */
import { corpusJson, haveCorpora } from "../corpora.ts";
import { type Blog, commentOf, ORIGIN, pageOf, requestOf, statusOf } from "./blog.ts";
import { bars, ms, type Outcome } from "./fault.ts";
import { startServer } from "./process.ts";

const LIMIT = 10_000;
const filled = (piece: string, length = LIMIT) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

/** Found by trying 60,000 texts made of two pieces each: these took longest. */
const PIECES = ["#://a.b", "://a.b//a.b", "www.xn--a.", "|-|\nhttp://a.b.", "a|b\n-|-\n[a](", "|aa|b\n-|-\n", "a|b\n-|-\n\\\n"];
/** Of S-36, and what finders of links and addresses repeat. */
const ODD = ["a!", "((((", "@", "://", "a@", "www.", "](", "![[]()", "> ", "- ", "`", "*a_ ", "&#", "\u0301", "😀"];
const CODE = ["swift\n(...", "sql\n0x<", "xml\n<a ", "javascript\n`${", "cpp\ntemplate<", "bash\n$(", "php\n<?php ", "ruby\n#{"];

interface Pattern {
  name: string;
  parts: [string, number][];
}

/** Texts of the limit's length. */
export function hostileTexts(): string[] {
  const patterns = haveCorpora ? (corpusJson("markdown/pathological.json") as Pattern[]) : [];
  const shrunk = patterns.map(({ parts }) => {
    const length = parts.reduce((sum, [piece, times]) => sum + piece.length * times, 0);
    const share = Math.min(1, LIMIT / length);
    return parts.map(([piece, times]) => piece.repeat(Math.max(1, Math.floor(times * share)))).join("");
  });
  return [
    ...shrunk.map((text) => text.slice(0, LIMIT)),
    ...[...PIECES, ...ODD].map((piece) => filled(piece)),
    ...CODE.map((piece) => `\`\`\`${piece.split("\n")[0]}\n${filled(piece.split("\n")[1]!, 2_980)}\n\`\`\`\n`),
  ];
}

/** The corpus's texts as they are, far above the limit. */
export const overlongTexts = (): string[] =>
  haveCorpora
    ? (corpusJson("markdown/pathological.json") as Pattern[])
        .map(({ parts }) => parts.map(([piece, times]) => piece.repeat(times)).join(""))
        .filter((text) => text.length > 160_000)
    : ["[".repeat(200_000)];

/** Each is previewed and posted while a reader asks for prepared pages: none may wait for them. */
export async function postHostileTexts(
  blog: Blog,
): Promise<Outcome & { longest: number; longestBefore: number; statuses: Record<number, number> }> {
  const { wrong, must } = bars();
  const server = await startServer(blog);
  const thread = `${server.url}/api/v1/thread?url=${encodeURIComponent(pageOf(0))}`;
  for (let i = 0; i < 3; i++) must((await statusOf(thread)) === 200, "a reader was refused");
  const texts = hostileTexts();
  const readWhile = async (more: (reads: number) => boolean) => {
    let longest = 0;
    let reads = 0;
    for (; more(reads); reads++) {
      const began = performance.now();
      must((await statusOf(thread)) === 200, "a reader was refused");
      longest = Math.max(longest, performance.now() - began);
    }
    return { longest, reads };
  };
  const before = await readWhile((reads) => reads < 500);
  let over = false;
  const reading = readWhile(() => !over);
  const statuses: Record<number, number> = {};
  let slowest = 0;
  for (const [n, text] of texts.entries()) {
    const began = performance.now();
    const { status } = await fetch(
      `${server.url}/api/v1/comments`,
      requestOf({ ...commentOf(blog, n, null), url: `${ORIGIN}/hostile`, body: text }, `key-${n}`),
    );
    slowest = Math.max(slowest, performance.now() - began);
    must(status === 201 || status === 422, `${JSON.stringify(text.slice(0, 20))} got ${status}`);
    statuses[status] = (statuses[status] ?? 0) + 1;
  }
  over = true;
  const { longest, reads } = await reading;
  for (const [n, text] of overlongTexts().entries()) {
    const { status } = await fetch(`${server.url}/api/v1/comments`, requestOf({ ...commentOf(blog, n, null), body: text }, `long-${n}`));
    must(status === 413, `a text of ${text.length} got ${status}`);
  }
  server.kill("SIGTERM");
  must((await server.ended).code === 0, "it did not end well");
  return {
    wrong,
    longest,
    longestBefore: before.longest,
    statuses,
    seen: `${texts.length} texts of 10,000: ${JSON.stringify(statuses)}, the slowest ${ms(slowest)}; ${reads} prepared reads meanwhile, the longest ${ms(longest)} (${ms(before.longest)} before); whole ones refused unread`,
  };
}
