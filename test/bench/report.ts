/** The figures as Markdown, and each aim beside what was measured. */
import type { BrowserRow } from "./browser.ts";
import type { ReadRow } from "./reads.ts";
import type { RestRow } from "./rest.ts";
import type { Pace } from "./pace.ts";
import type { Times } from "./store.ts";
import type { StoreWrites } from "./store-writes.ts";
import { median } from "./statistics.ts";
import type { WriteRow } from "./writes.ts";

export interface Figures {
  machine: { cores: number; processor: string; node: string; date: string; quick: boolean };
  reads: ReadRow[];
  writes: WriteRow[];
  storeWrites: StoreWrites;
  pageReads: Record<string, Times>;
  search: { median: number; worst: number };
  rest: RestRow[];
  browser: BrowserRow[];
}

export interface Aim {
  aim: string;
  measured: string;
  met: boolean;
}

export const OURS = { small: "Youfigure", middle: "Youfigure, 100,000 stored", large: "Youfigure, 1,000,000 stored" } as const;

const percent = (share: number) => `${Math.round(share * 100)} %`;
const whole = (n: number) => Math.round(n).toLocaleString("en");
const ms = (n: number) => n.toFixed(n < 10 ? 2 : 0);

export function aimsOf({ reads, storeWrites, search, browser }: Figures): Aim[] {
  const reading = (server: string, aim: string): Aim => {
    const own = reads.filter((row) => row.server === server);
    const requests = median(own.map(({ share }) => share));
    const cpu = Math.min(...own.map(({ share, cpuShare }) => cpuShare ?? share));
    const measured = `${percent(requests)} by requests a second (median of four rows), ${percent(cpu)} by the server's processor time (worst of four)`;
    return { aim, measured, met: Math.min(requests, cpu) >= 0.6 };
  };
  const sixteen = storeWrites.rows.find(({ writers, claims }) => writers === 16 && !claims)!;
  const claiming = storeWrites.rows.find(({ writers, claims }) => writers === 16 && claims)!;
  const page = (stored: 100 | 1000) =>
    browser.find((row) => row.profile === "phone" && row.stored === stored && row.variant === "preloaded")!;
  const slowestPage = Math.max(page(100).times, page(1000).times);
  return [
    reading(OURS.small, "a prepared read: at least 60 % of Hono with one header"),
    reading(OURS.large, "the same with 1,000,000 comments stored"),
    {
      aim: "16 writers at the store: at least 2.5 times better-sqlite3 alone writing all the same rows, one write at a time",
      measured: `${sixteen.share.toFixed(1)} times (${claiming.share.toFixed(1)} with three claims each)`,
      met: sixteen.share >= 2.5,
    },
    {
      aim: "at most 0.25 commits a write then",
      measured: Math.max(sixteen.commitsPerWrite, claiming.commitsPerWrite).toFixed(3),
      met: Math.max(sixteen.commitsPerWrite, claiming.commitsPerWrite) <= 0.25,
    },
    { aim: "a search in 100,000 comments: under 200 ms", measured: `${ms(search.worst)} ms at worst`, met: search.worst < 200 },
    {
      aim: "with the two preload lines, on a phone: comments shown within 1.5 times the plain page",
      measured: `${page(100).times.toFixed(2)} with 100 comments, ${page(1000).times.toFixed(2)} with 1,000 stored`,
      met: slowestPage <= 1.5,
    },
  ];
}

export function markdownOf(figures: Figures): string {
  const { cores, processor, node, date, quick } = figures.machine;
  return [
    `${date}, ${cores} cores (${processor}), Node ${node}${quick ? ", short rounds" : ""}. Absolute figures vary with what else the machine does; the shares are of controls in the same rounds.`,
    table(
      ["Aim", "Measured", ""],
      aimsOf(figures).map(({ aim, measured, met }) => [aim, measured, met ? "met" : "**falls short**"]),
    ),
    "**Reading a page's thread** (brotli; requests a second, milliseconds, microseconds of the server's processor)",
    table(["Comments", "Connections", "Server", "req/s", "of Hono", "p50", "p99", "cpu µs", "of Hono by cpu"], readRows(figures.reads)),
    "**Reading it where nothing is prepared** (at the store, a page at random, milliseconds)",
    table(
      ["Stored", "p50", "p99"],
      Object.entries(figures.pageReads).map(([stored, { p50, p99 }]) => [stored, ms(p50), ms(p99)]),
    ),
    "**Writing over HTTP** (validated, rendered, judged, on disk before the answer)",
    table(["Connections", "Server", "a second", "p50 ms", "p99 ms", "commits a write"], figures.writes.map(writeRow)),
    storeWritesOf(figures.storeWrites),
    "**At rest**",
    table(["Stored", "ready after ms", "memory MB", "bytes a comment, search included"], figures.rest.map(restRow)),
    "**In a browser** (headless Chromium, nothing cached; phone: processor 4 times slower, 1.6 Mbit/s, 150 ms)",
    table(
      ["", "Stored", "Page", "comments shown ms", "times plain", "main thread ms", "times plain", "layout shift", "kB"],
      figures.browser.map(browserRow),
    ),
  ].join("\n\n");
}

/** The store's writes, and exactly what they are measured beside. */
export function storeWritesOf({ rows, alone, aloneWithClaims, rowsAlone, index }: StoreWrites): string {
  return [
    "**Writing at the store**, beside better-sqlite3 alone (prepared statements, WAL, synchronous=FULL, one durable transaction after the other). “All rows” is everything that the same write puts on disk, into the same schema with the same indexes: the comment, its page's and site's counters, the note for the search, the claims. “One row” is the comment's own row in a table without further index.",
    table(
      ["Writers", "Claims", "a second", "cpu µs", "times all rows", "times one row", "commits a write"],
      [
        aloneRow("all rows, alone", 0, alone),
        aloneRow("all rows, alone", 3, aloneWithClaims),
        aloneRow("one row, alone", 0, rowsAlone),
        ...rows.map((row) => [
          row.writers,
          row.claims ? 3 : 0,
          whole(row.perSecond),
          whole(row.cpu),
          row.share.toFixed(2),
          row.shareOfRows.toFixed(2),
          row.commitsPerWrite.toFixed(3),
        ]),
      ],
    ),
    `The search index takes ${whole(index)} µs of processor time a comment more, when writes pause.`,
  ].join("\n\n");
}

type Cells = (string | number)[];

const aloneRow = (name: string, claims: number, { perSecond, cpu }: Pace): Cells => [
  name,
  claims,
  whole(perSecond),
  whole(cpu),
  "",
  "",
  "1.000",
];

const readRows = (rows: ReadRow[]): Cells[] =>
  rows.map((row) => [
    row.comments,
    row.connections,
    row.server,
    whole(row.perSecond),
    percent(row.share),
    ms(row.p50),
    ms(row.p99),
    row.cpu === null ? "" : whole(row.cpu),
    row.cpuShare === null ? "" : percent(row.cpuShare),
  ]);

const writeRow = ({ connections, server, perSecond, p50, p99, commitsPerWrite }: WriteRow): Cells => [
  connections,
  server,
  whole(perSecond),
  ms(p50),
  ms(p99),
  commitsPerWrite?.toFixed(2) ?? "",
];

const restRow = ({ stored, start, memory, bytesPerComment }: RestRow): Cells => [
  whole(stored),
  whole(start),
  memory === null ? "" : whole(memory / 1e6),
  whole(bytesPerComment),
];

const VARIANTS = { plain: "plain HTML", preloaded: "tag and two preload lines", tag: "tag alone" };

const browserRow = (row: BrowserRow): Cells => [
  row.profile,
  row.stored,
  VARIANTS[row.variant],
  whole(row.shown),
  row.times.toFixed(2),
  whole(row.task),
  row.taskTimes.toFixed(2),
  row.shift.toFixed(3),
  (row.bytes / 1_000).toFixed(1),
];

function table(head: string[], rows: Cells[]): string {
  const line = (cells: Cells) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}
