/** Each aim beside what was measured; those whose section did not run are left out. */
import { type Figures, OURS } from "./measure.ts";
import { CONNECTIONS, type ReadRow } from "./reads.ts";
import { mb, ms, percent, times } from "./write-figures.ts";

export interface Aim {
  aim: string;
  measured: string;
  met: boolean;
}

export function aimsOf(figures: Figures): Aim[] {
  return [readAims, pageAims, storeAims, httpAims, restAims, listenerAims, browserAims].flatMap((of) => of(figures));
}

const judged = (reads: ReadRow[], server: string) =>
  reads.filter((row) => row.server === server && row.asked === "100" && (CONNECTIONS as readonly number[]).includes(row.connections));
const shareOf = (row: ReadRow) => row.cpuShare ?? row.share;

function readAims({ reads }: Figures): Aim[] {
  if (!reads) return [];
  const own = judged(reads, OURS.small);
  const most = (["huge", "large", "middle"] as const).find((size) => reads.some(({ server }) => server === OURS[size]))!;
  const ratios = judged(reads, OURS[most]).map((row, i) => (row.cpu ?? 1 / row.perSecond) / (own[i]!.cpu ?? 1 / own[i]!.perSecond));
  const farthest = Math.max(...ratios.map((ratio) => Math.abs(ratio - 1)));
  return [
    {
      aim: "a prepared read: at least 90 % of Hono with one header, by the server's processor time, at 16 and 64 connections",
      measured: own.map((row) => `${percent(shareOf(row))} at ${row.connections} (${percent(row.share)} by requests a second)`).join(", "),
      met: own.every((row) => shareOf(row) >= 0.9),
    },
    {
      aim: "prepared reads with none and with 10,000,000 stored within 10 % of each other",
      measured: `${ratios.map((ratio) => percent(ratio)).join(" and ")} of the processor time${most === "huge" ? "" : ` (${OURS[most]})`}`,
      met: most === "huge" && farthest <= 0.1,
    },
  ];
}

function pageAims({ pageReads, search }: Figures): Aim[] {
  if (!pageReads || !search) return [];
  const [most, found] = Object.entries(pageReads).findLast(([name]) => name.startsWith("SQLite"))!;
  const huge = most.endsWith(" 10,000,000");
  const worst = search["SQLite, 100,000"]!.worst;
  return [
    {
      aim: "a page that is not prepared, with 10,000,000 stored: p50 under 1 ms, p99 under 2 ms",
      measured: `${ms(found.p50)} and ${ms(found.p99)} ms${huge ? "" : ` (${most})`}`,
      met: huge && found.p50 < 1 && found.p99 < 2,
    },
    { aim: "a search in 100,000 comments: under 200 ms", measured: `${ms(worst)} ms at worst`, met: worst < 200 },
  ];
}

const AT_THE_STORE = [
  [64, 4],
  [16, 3],
  [1, 0.6],
] as const;

function storeAims({ storeWrites, postgresWrites }: Figures): Aim[] {
  const engines = { "SQLite, beside better-sqlite3": storeWrites, "PostgreSQL, beside pg": postgresWrites };
  return Object.entries(engines).flatMap(([engine, found]) =>
    found
      ? AT_THE_STORE.map(([writers, least]) => {
          const of = (claims: boolean) => found.rows.find((row) => row.writers === writers && row.claims === claims)!;
          const measured = `${times(of(false).share)} (${times(of(true).share)} with three claims, ${times(of(false).shareOfRows)} of the comment's own row alone)`;
          return {
            aim: `${writers} ${writers === 1 ? "writer" : "writers"} at the store (${engine} alone, the same rows one durable write at a time): at least ${least} times`,
            measured,
            met: of(false).share >= least,
          };
        })
      : [],
  );
}

function httpAims({ writes }: Figures): Aim[] {
  const own = writes?.rows.find(({ server, connections }) => server === OURS.small && connections === 64);
  if (!writes || !own) return [];
  const { without, with: during, times: slower } = writes.reads;
  return [
    {
      aim: "comments over HTTP, everything on, 64 connections: at least 0.5 times better-sqlite3 alone",
      measured: `${times(own.share!)} (the 1.5 times hoped for with rendering in workers: ${own.share! >= 1.5 ? "met" : "not"})`,
      met: own.share! >= 0.5,
    },
    {
      aim: "prepared reads' p99 while 64 connections write: at most 5 times without",
      measured: `${times(slower)}: ${ms(during.p99)} beside ${ms(without.p99)} ms`,
      met: slower <= 5,
    },
  ];
}

function restAims({ rest }: Figures): Aim[] {
  if (!rest) return [];
  const start = Math.max(...rest.rows.map((row) => row.start));
  const memory = Math.max(...rest.rows.map((row) => row.memory ?? 0));
  return [
    { aim: "ready within 400 ms of its start", measured: `${ms(start)} ms (slowest database)`, met: start < 400 },
    { aim: "memory at rest below 90 MB", measured: `${mb(memory)} MB (largest database)`, met: memory > 0 && memory < 90e6 },
    {
      aim: "at most 200 bytes of file for a comment of 95 bytes, without the search",
      measured: `${rest.short.without.toFixed(0)} (${rest.short.with.toFixed(0)} with it)`,
      met: rest.short.without <= 200,
    },
  ];
}

function listenerAims({ listeners }: Figures): Aim[] {
  const most = listeners?.find((row) => row.listeners === 10_000);
  if (!most) return [];
  return [
    {
      aim: "10,000 listeners: below 300 MB, after events too, the last hears within 1 s",
      measured: `${mb(most.memory.after)} MB after events, last ${ms(most.heard.last)} ms (worst of five ${ms(most.heard.worst)})`,
      met: Math.max(most.memory.listening, most.memory.after) < 300e6 && most.heard.last < 1_000,
    },
  ];
}

function browserAims({ browser }: Figures): Aim[] {
  if (!browser) return [];
  const on = (stored: number, variant: string) =>
    browser.filter((row) => row.profile === "phone" && row.stored === stored && row.variant === variant);
  const [hundred, thousand] = [on(100, "preloaded")[0]!, on(1000, "preloaded")[0]!];
  const bare = [on(100, "tag")[0]!, on(1000, "tag")[0]!];
  const large = on(50_000, "preloaded")[0]!;
  const both = (pick: (row: typeof hundred) => number) =>
    `${pick(hundred).toFixed(2)} with 100 comments, ${pick(thousand).toFixed(2)} with 1,000`;
  return [
    {
      aim: "on a phone, with the preload lines: shown within 1.3 times the plain page",
      measured: both((row) => row.times),
      met: Math.max(hundred.times, thousand.times) <= 1.3,
    },
    {
      aim: "main-thread work within 1.2 times with 100 and 0.8 times with 1,000",
      measured: both((row) => row.taskTimes),
      met: hundred.taskTimes <= 1.2 && thousand.taskTimes <= 0.8,
    },
    {
      aim: "without the preload lines within 1.6 times",
      measured: `${bare[0]!.times.toFixed(2)} with 100 comments, ${bare[1]!.times.toFixed(2)} with 1,000`,
      met: Math.max(bare[0]!.times, bare[1]!.times) <= 1.6,
    },
    {
      aim: "50,000 comments no dearer than 200 at first (within 10 %)",
      measured: `${times(large.times)} the time, ${times(large.taskTimes)} the main thread`,
      met: Math.max(large.times, large.taskTimes) <= 1.1,
    },
  ];
}
