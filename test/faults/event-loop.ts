/** S-36 to S-38: whatever people send or ask for, the server's event loop is never held for long. It tells so itself, by /metrics. */
import { corpusBytes, corpusFiles, corpusJson, haveCorpora } from "../corpora.ts";
import { type Blog, commentOf, ORIGIN, pageOf, requestOf } from "./blog.ts";
import { bars, ms, type Outcome } from "./fault.ts";
import { hostileTexts } from "./hostile-markdown.ts";
import { type Started, startServer } from "./process.ts";
import { stock } from "./stock.ts";

const TOKEN = "a-token-of-no-worth-at-all";

interface Deed {
  name: string;
  run(url: string): Promise<unknown>;
}

export interface Holding extends Outcome {
  /** Milliseconds that the loop was held for at most, by what was done. */
  held: Map<string, number>;
  /** The same while people read and write as they do. */
  base: number;
}

/** Each kind of input in turn, of its texts one of `each`; after each the server is asked for how long its loop was held. */
export async function holdLoop(blog: Blog, { comments, each }: { comments: number; each: number }): Promise<Holding> {
  const { wrong, must } = bars();
  for (const [i, kind] of DENSE.entries())
    await stock(blog, comments, { from: i * comments, page: densePage(i), textOf: () => filled(kind) });
  const server = await startServer({ ...blog, env: { ...blog.env, METRICS_TOKEN: TOKEN } });
  const held = new Map<string, number>();
  const deeds = [ordinary(blog), ordinary(blog, 1_000), ...hostileDeeds(blog, each)];
  for (const { name, run } of deeds) {
    await run(server.url);
    held.set(name, await longest(server));
  }
  server.kill("SIGTERM");
  must((await server.ended).code === 0, "it did not end well");
  const base = held.get(ORDINARY)!;
  held.delete(ORDINARY);
  const said = [...held].toSorted(([, a], [, b]) => b - a).map(([name, time]) => `${name} ${ms(time)}`);
  return { wrong, held, base, seen: `the event loop was held at most: ${said.join(", ")}; ${ms(base)} by what people do` };
}

const ORDINARY = "ordinary";

/** People who read and write: the first time warms the server up. */
const ordinary = (blog: Blog, from = 0): Deed => ({
  name: ORDINARY,
  async run(url) {
    for (let n = from; n < from + 60; n++) {
      await fetch(`${url}/api/v1/comments`, requestOf(commentOf(blog, n, null), `ordinary-${n}`));
      await read(url, `/api/v1/thread?url=${encodeURIComponent(pageOf(n))}`);
      await read(url, `/thread?url=${encodeURIComponent(pageOf(n))}`);
    }
  },
});

/** Texts of the limit's length that make many elements. */
const DENSE = ["*a* ", "- a\n", "`a`\n\n", "|a|b|c|\n|-|-|-|\n|d|e|f|\n\n", "http://a.b "];
const LIMIT = 10_000;
const filled = (piece: string, length = LIMIT) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
const densePage = (i: number) => `${ORIGIN}/dense-${i}`;

function hostileDeeds(blog: Blog, each: number): Deed[] {
  const some = <T>(all: readonly T[]) => all.filter((_, n) => n % each === 0);
  return [
    {
      name: "texts on which parsers are slow",
      run: (url) => inTurn(some(hostileTexts()), (body, n) => send(url, { ...commentOf(blog, n, null), body }, `slow-${n}`)),
    },
    {
      name: "patterns in every field",
      run: (url) => inTurn(some(patterns()), (text, n) => send(url, everyField(blog, text, n), `pattern-${n}`)),
    },
    { name: "JSON of every kind", run: (url) => inTurn(some(jsonTexts()), (body, n) => sendRaw(url, body, `json-${n}`)) },
    ...DENSE.map((kind, i) => ({
      name: `a thread full of ${JSON.stringify(kind.slice(0, 5))}`,
      run: (url: string) => readFull(url, `/api/v1/thread?url=${encodeURIComponent(densePage(i))}`),
    })),
    ...DENSE.map((kind, i) => ({
      name: `a page full of ${JSON.stringify(kind.slice(0, 5))}`,
      run: (url: string) => readFull(url, `/thread?url=${encodeURIComponent(densePage(i))}`),
    })),
    {
      name: "counts of long addresses",
      run: (url) =>
        read(
          url,
          `/api/v1/counts?${Array.from({ length: 50 }, (_, n) => `url=${encodeURIComponent(filled(`${ORIGIN}/${n}/../%2e/`, 200))}`).join("&")}`,
        ),
    },
    {
      name: "odd addresses",
      run: (url) =>
        inTurn(some(patterns()), (text) => read(url, `/api/v1/thread?url=${encodeURIComponent(`${ORIGIN}/${text.slice(0, 2_000)}`)}`)),
    },
  ];
}

async function inTurn<T>(all: readonly T[], deed: (one: T, n: number) => Promise<unknown>): Promise<void> {
  for (const [n, one] of all.entries()) await deed(one, n);
}

const read = async (url: string, path: string) => (await fetch(url + path)).arrayBuffer();
/** What is to hold the loop must be there. */
async function readFull(url: string, path: string): Promise<void> {
  const answer = await fetch(url + path);
  const text = await answer.text();
  if (answer.status !== 200 || text.length < 100_000) throw new Error(`${answer.status} with ${text.length} characters`);
}
const send = (url: string, body: object, key: string) => sendRaw(url, JSON.stringify(body), key);
const sendRaw = async (url: string, body: string | Buffer, key: string) =>
  (await fetch(`${url}/api/v1/comments`, { ...requestOf({}, key), body: body as string })).arrayBuffer();

/** What people's patterns stumble over, and what finders of links and addresses repeat, also far above each limit. */
function patterns(): string[] {
  const pieces = ["a!", "((((", "@", "://", "a@a.", "www.", "aA", " ", "\t", "-", ".", "<a ", "%", "&#1", "\u0301", "a,"];
  const corpus = haveCorpora ? (JSON.stringify(corpusJson("attacks/patt-redos.json")).match(/"(?:[^"\\]|\\.)+"/g) ?? []) : [];
  return [
    ...pieces.map((piece) => filled(piece, 64_000)),
    ...pieces.map((piece) => filled(piece, 250)),
    ...corpus.map((text) => String(JSON.parse(text))),
  ];
}

const everyField = (blog: Blog, text: string, n: number) => ({
  ...commentOf(blog, n, null),
  body: text.slice(0, LIMIT),
  name: text.slice(0, 80),
  email: text.slice(0, 254),
  website: `https://${text.slice(0, 290)}`,
  title: text.slice(0, 200),
  url: `${ORIGIN}/${text.slice(0, 2_000)}`,
});

/** At the limit of a request's size. */
function jsonTexts(): (string | Buffer)[] {
  const most = 159_000;
  const made = [
    "[".repeat(most),
    `${"[".repeat(most / 2)}${"]".repeat(most / 2)}`,
    `{"a":`.repeat(most / 5),
    `{${filled('"a":1,', most)}"b":1}`,
    `[${filled("1e9,", most)}1]`,
    `"${filled("\\u0041", most)}"`,
  ];
  const files = haveCorpora ? corpusFiles("json/test_parsing").map((name) => corpusBytes(`json/test_parsing/${name}`)) : [];
  return [...made, ...files];
}

/** For how long the loop was held at most since this was asked before, in milliseconds; what holds it last is told a turn later. */
async function longest(server: Started): Promise<number> {
  const [before, after] = [await tell(server), await tell(server)];
  return Math.max(before, after);
}

async function tell({ url }: Started): Promise<number> {
  const text = await (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })).text();
  const [, seconds] = /^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(text) ?? [];
  return Number(seconds) * 1_000;
}
