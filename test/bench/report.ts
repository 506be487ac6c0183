/** The figures as Markdown: short for the README, whole for RESULTS.md. */
import { type Aim, aimsOf } from "./aims.ts";
import type { BrowserRow } from "./browser.ts";
import { listenersTable } from "./listeners.ts";
import { type Figures, OURS } from "./measure.ts";
import type { Pace } from "./pace.ts";
import type { Plot } from "./plots.ts";
import type { PostgresWrites } from "./postgres-writes.ts";
import type { ReadRow } from "./reads.ts";
import type { Rest } from "./rest.ts";
import type { StoreWrites } from "./store-writes.ts";
import { type Cells, mb, ms, percent, table, whole } from "./write-figures.ts";
import type { HttpWrites, WriteRow } from "./writes.ts";

export function summaryOf(figures: Figures, plots: readonly Plot[]): string {
  return [
    onWhat(figures),
    aimsTable(aimsOf(figures)),
    plots.map(({ file, title }) => `![${title}](test/bench/plots/${file})`).join("\n\n"),
    figures.rest ? restOf(figures.rest) : "",
    "[All tables](test/bench/RESULTS.md), and [how it is measured](test/bench/README.md).",
  ]
    .filter(Boolean)
    .join("\n\n");
}

export function resultsOf(figures: Figures): string {
  const { reads, pageReads, search, storeWrites, postgresWrites, writes, rest, listeners, browser } = figures;
  const parts = [
    onWhat(figures),
    figures.failed.map(({ section, why }) => `**No figures of “${section}”**: ${why.split("\n")[0]}`).join("\n\n"),
    aimsTable(aimsOf(figures)),
    reads && readsOf(reads),
    pageReads && search && unpreparedOf(pageReads, search),
    storeWrites && storeWritesOf(storeWrites),
    postgresWrites && postgresWritesOf(postgresWrites),
    writes && httpWritesOf(writes),
    rest && restOf(rest),
    listeners && ["**Listeners** to one page, five comments each", ...listenersTable(listeners)].join("\n\n"),
    browser && browserOf(browser),
  ];
  return parts.filter(Boolean).join("\n\n");
}

function onWhat({ machine: { date, cores, processor, node, quick } }: Figures): string {
  return `${date}, ${cores} cores (${processor}), Node ${node}${quick ? ", short rounds" : ""}. Absolute figures vary with what else the machine does; the shares are of controls in the same rounds.`;
}

const aimsTable = (aims: readonly Aim[]): string =>
  table(
    ["Aim", "Measured", ""],
    aims.map(({ aim, measured, met }) => [aim, measured, met ? "met" : "**falls short**"]),
  );

function readsOf(rows: ReadRow[]): string {
  return [
    "**Reading over HTTP** (brotli; requests a second, milliseconds, microseconds of the server's processor, median and least; shares of Hono with one header)",
    table(
      ["Comments", "Connections", "Server", "req/s", "share", "p50", "p99", "cpu µs", "share", "least cpu µs", "share"],
      rows.map((row) => [
        row.asked,
        row.connections,
        row.server,
        whole(row.perSecond),
        percent(row.share),
        ms(row.p50),
        ms(row.p99),
        ...(row.cpu === null
          ? ["", "", "", ""]
          : [row.cpu.toFixed(1), percent(row.cpuShare!), row.leastCpu!.toFixed(1), percent(row.leastShare!)]),
      ]),
    ),
  ].join("\n\n");
}

function unpreparedOf(pageReads: NonNullable<Figures["pageReads"]>, search: NonNullable<Figures["search"]>): string {
  return [
    "**Reading where nothing is prepared** (at the store, milliseconds: a page at random; the moderators' search)",
    table(
      ["Stored", "page p50", "page p99", "search median", "search at worst"],
      Object.entries(pageReads).map(([stored, { p50, p99 }]) => [
        stored,
        ms(p50),
        ms(p99),
        ms(search[stored]!.median),
        ms(search[stored]!.worst),
      ]),
    ),
  ].join("\n\n");
}

/** The store's writes, and exactly what they are measured beside. */
function storeWritesOf({ rows, alone, aloneWithClaims, rowsAlone, index }: StoreWrites): string {
  return [
    "**Writing at the store, SQLite**, beside better-sqlite3 alone (prepared statements, WAL, synchronous=FULL, one durable transaction after the other). “All rows” is everything that the same write puts on disk, into the same schema with the same indexes: the comment, its page's and site's counters, the note for the search, the claims. “One row” is the comment's own row in a table without further index.",
    table(WRITE_HEAD, [
      aloneRow("all rows, alone", 0, alone),
      aloneRow("all rows, alone", 3, aloneWithClaims),
      aloneRow("one row, alone", 0, rowsAlone),
      ...rows.map(storeRow),
    ]),
    `The search index takes ${whole(index)} µs of processor time a comment more, when writes pause.`,
  ].join("\n\n");
}

function postgresWritesOf({ rows, alone, plain, rowsAlone }: PostgresWrites): string {
  return [
    "**Writing at the store, PostgreSQL**, beside `pg` alone on the same durable server: all statements of a transaction sent at once, or each after the answer to the one before (“plain”).",
    table(WRITE_HEAD, [
      aloneRow("all rows, alone", 0, alone[0]),
      aloneRow("all rows, alone", 3, alone[1]),
      aloneRow("all rows, plain", 0, plain[0]),
      aloneRow("all rows, plain", 3, plain[1]),
      aloneRow("one row, alone", 0, rowsAlone),
      ...rows.map(storeRow),
    ]),
  ].join("\n\n");
}

const WRITE_HEAD = ["Writers", "Claims", "a second", "cpu µs", "times all rows", "times one row", "commits a write"];

const aloneRow = (name: string, claims: number, { perSecond, cpu }: Pace): Cells => [
  name,
  claims,
  whole(perSecond),
  whole(cpu),
  "",
  "",
  "1.000",
];

const storeRow = (row: StoreWrites["rows"][number]): Cells => [
  row.writers,
  row.claims ? 3 : 0,
  whole(row.perSecond),
  whole(row.cpu),
  row.share.toFixed(2),
  row.shareOfRows.toFixed(2),
  row.commitsPerWrite.toFixed(3),
];

function httpWritesOf({ rows, alone, reads }: HttpWrites): string {
  return [
    `**Writing over HTTP** (validated, rendered, judged, on disk before the answer), beside better-sqlite3 alone writing all rows that these comments left: ${whole(alone)} a second`,
    table(["Connections", "Server", "a second", "times alone", "p50 ms", "p99 ms", "cpu µs", "commits a write"], rows.map(writeRow)),
    "**Prepared reads meanwhile** (100 comments, 16 connections, milliseconds)",
    table(
      ["", "p50", "p99"],
      [
        ["nobody writes", ms(reads.without.p50), ms(reads.without.p99)],
        ["64 connections write", ms(reads.with.p50), ms(reads.with.p99)],
      ],
    ),
  ].join("\n\n");
}

const writeRow = (row: WriteRow): Cells => [
  row.connections,
  row.server,
  whole(row.perSecond),
  row.share?.toFixed(2) ?? "",
  ms(row.p50),
  ms(row.p99),
  row.cpu === null ? "" : whole(row.cpu),
  row.server === OURS.postgres ? "" : (row.commitsPerWrite?.toFixed(2) ?? ""),
];

function restOf({ rows, ready, short }: Rest): string {
  const bytes = `A comment of 95 bytes takes ${whole(short.without)} bytes of file without what the search keeps, ${whole(short.with)} with it.`;
  return [
    "**At rest** (SQLite)",
    table(
      ["Stored", "ready after ms", "memory MB", "bytes a comment, search included"],
      rows.map(({ stored, start, memory, bytesPerComment }) => [
        whole(stored),
        whole(start),
        memory === null ? "" : mb(memory),
        whole(bytesPerComment),
      ]),
    ),
    `${bytes}${ready === null ? "" : ` 1,000 comments kept ready take ${whole(ready / 1_000)} kB of memory.`}`,
  ].join("\n\n");
}

const VARIANTS = { plain: "plain HTML", preloaded: "tag and two preload lines", tag: "tag alone" };

function browserOf(rows: BrowserRow[]): string {
  const cells = rows.map((row): Cells => [
    row.profile,
    whole(row.stored),
    VARIANTS[row.variant],
    whole(row.shown),
    row.times.toFixed(2),
    whole(row.task),
    row.taskTimes.toFixed(2),
    row.shift.toFixed(3),
    (row.bytes / 1_000).toFixed(1),
  ]);
  return [
    "**In a browser** (headless Chromium, nothing cached; phone: processor 4 times slower, 1.6 Mbit/s, 150 ms; beside the plain page, and 50,000 comments beside 200)",
    table(["", "Stored", "Page", "comments shown ms", "times", "main thread ms", "times", "layout shift", "kB"], cells),
  ].join("\n\n");
}
