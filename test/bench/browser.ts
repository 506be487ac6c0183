/** Headless Chromium on a blog's page with the widget, beside a plain page that holds the same comments as HTML. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, type CDPSession, chromium, type Page } from "playwright-core";
import { PAGE_100, PAGE_1000, PAGE_200, PAGE_50000 } from "./fill.ts";
import { type Pages, serveStatic, type Stored, type Variant, VARIANTS } from "./pages.ts";
import type { Served } from "./processes.ts";
import { median } from "./statistics.ts";

const FLAGS =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

/** A phone of the middle class on a mobile network, as measurements of web pages usually have it. */
const PROFILES = {
  local: { slowdown: 1, network: null },
  phone: { slowdown: 4, network: { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 } },
} as const;
export type Profile = keyof typeof PROFILES;

interface Loaded {
  /** Milliseconds from the navigation until all comments are in the document and one more frame has come. */
  shown: number;
  /** Milliseconds of the main thread. */
  task: number;
  /** Cumulative layout shift. */
  shift: number;
  /** On the wire. */
  bytes: number;
}
export interface BrowserRow extends Loaded {
  profile: Profile;
  stored: Stored;
  variant: Variant;
  /** Of `shown` and `task`, beside the plain page of the same round; for 200 and 50,000, beside 200. */
  times: number;
  taskTimes: number;
}

export async function measureBrowser(served: Served, rounds: number): Promise<BrowserRow[]> {
  const site = await serveStatic(served, { 100: PAGE_100, 200: PAGE_200, 1000: PAGE_1000, 50000: PAGE_50000 });
  const browser = await chromium.launch({ executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: FLAGS.split(" ") });
  const rows: BrowserRow[] = [];
  try {
    for (const profile of ["local", "phone"] as const) {
      for (const stored of [100, 1000] as const) {
        const inTurns = VARIANTS.map((variant) => ({ profile, stored, variant }));
        rows.push(...(await compare({ browser, site, rounds }, inTurns)));
      }
      const sizes = ([200, 50_000] as const).map((stored) => ({ profile, stored, variant: "preloaded" as const }));
      rows.push(...(await compare({ browser, site, rounds }, sizes)));
    }
  } finally {
    await browser.close();
    await site.close();
  }
  return rows;
}

type Subject = Pick<BrowserRow, "profile" | "stored" | "variant">;

/** All in turns within each round, beside the first. */
async function compare(given: { browser: Browser; site: Pages; rounds: number }, subjects: Subject[]): Promise<BrowserRow[]> {
  const loads = subjects.map((): Loaded[] => []);
  for (let round = 0; round < given.rounds; round++) {
    for (const [i, { profile, stored, variant }] of subjects.entries()) {
      const url = `${given.site.url}/${variant}-${stored}`;
      loads[i]!.push(await load(given.browser, { url, profile, expected: given.site.comments[stored] }));
    }
  }
  return subjects.map((subject, i) => ({ ...subject, ...summed(loads[i]!, loads[0]!) }));
}

function summed(own: Loaded[], plain: Loaded[]): Omit<BrowserRow, "profile" | "stored" | "variant"> {
  const of = (key: keyof Loaded) => median(own.map((loaded) => loaded[key]));
  return {
    shown: of("shown"),
    task: of("task"),
    shift: of("shift"),
    bytes: of("bytes"),
    times: median(own.map(({ shown }, i) => shown / plain[i]!.shown)),
    taskTimes: median(own.map(({ task }, i) => task / plain[i]!.task)),
  };
}

/** One load by a browser that has nothing of it yet. */
async function load(browser: Browser, given: { url: string; profile: Profile; expected: number }): Promise<Loaded> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    const bytes = await prepare(session, given.profile);
    await page.addInitScript({ content: `globalThis.expectedComments = ${given.expected};\n${WATCH}` });
    await page.goto(given.url);
    const { shown, shift } = await outcome(page);
    const { metrics } = await session.send("Performance.getMetrics");
    const task = metrics.find(({ name }) => name === "TaskDuration")!.value * 1_000;
    return { shown, shift, task, bytes: bytes() };
  } finally {
    await context.close();
  }
}

async function prepare(session: CDPSession, profile: Profile): Promise<() => number> {
  const { slowdown, network } = PROFILES[profile];
  let bytes = 0;
  session.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  await session.send("Network.enable");
  await session.send("Performance.enable");
  if (network) await session.send("Network.emulateNetworkConditions", network);
  if (slowdown > 1) await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  return () => bytes;
}

/** Plain JavaScript, since what compiles TypeScript here adds names that the page does not know. */
const WATCH = readFileSync(fileURLToPath(new URL("watch-page.js", import.meta.url)), "utf8");

interface Watched {
  shownAt?: number;
  shift: number;
}

async function outcome(page: Page): Promise<{ shown: number; shift: number }> {
  const read = () => page.evaluate(() => (globalThis as { watched?: Watched }).watched!);
  await page.waitForFunction(() => (globalThis as { watched?: Watched }).watched?.shownAt !== undefined);
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
  const { shownAt, shift } = await read();
  return { shown: shownAt!, shift };
}
