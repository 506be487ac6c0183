/** The faults at full length, in the order of the harm they would do, with the bars in time and memory. */
import { join } from "node:path";
import { backupAndRestore } from "./backup.ts";
import { readBigThread } from "./big-thread.ts";
import { type Blog, makeBlog } from "./blog.ts";
import { failDisk, fillDisk, fillRealDisk } from "./disk.ts";
import { watchSyncs } from "./durable.ts";
import { atMost, type Fault, type Outcome } from "./fault.ts";
import { damageLog, flipBytes } from "./flips.ts";
import { rememberAddresses } from "./flood-memory.ts";
import { postHostileTexts } from "./hostile-markdown.ts";
import { killLoop } from "./kill-loop.ts";
import { holdLock } from "./locks.ts";
import { loseReplies } from "./lost-reply.ts";
import { killMigration } from "./migration.ts";
import { oldWidgets } from "./old-widget.ts";
import { overload, peakWrites } from "./overload.ts";
import { haveStrace, smallDisk } from "./programs.ts";
import { fewDescriptors, slowReaders } from "./slow-clients.ts";
import { severalServers } from "./several-servers.ts";
import { silentPostgres } from "./silent-postgres.ts";
import { soak } from "./soak.ts";
import { eventLoop, restart, slow, stop, tenThousand } from "./whole-crowds.ts";

export interface WholeOptions {
  cycles: number;
  seed: number;
  soakMinutes: number;
  /** Told how a long one goes on. */
  say(text: string): void;
}

export function wholeFaults({ cycles, seed, soakMinutes, say }: WholeOptions): Fault[] {
  return [
    { id: "R-01", deed: `killed ${cycles} times under eight writers`, run: () => onBlog((blog) => kill(blog, { cycles, seed, say })) },
    { id: "R-02", deed: "loss of power", run: () => onBlog(losePower) },
    { id: "R-03", deed: "disk full", run: fullDisk },
    { id: "R-04", deed: "disk fails", run: failingDisk },
    { id: "R-05", deed: "changed bytes and a damaged log", run: () => damaged(seed) },
    { id: "R-06", deed: "database locked", run: lockedDatabase },
    { id: "R-08", deed: "told to stop under load", run: () => onBlog(stop) },
    { id: "R-09", deed: "migration killed at every statement", run: () => killMigration(everyStatement()) },
    { id: "R-10", deed: "ten times the capacity", run: tenTimes },
    { id: "R-11", deed: "readers who take nothing", run: () => onBlog((blog) => slowReaders(blog, 500)) },
    { id: "R-12", deed: "10,000 listeners, half of them killed", run: () => onBlog(tenThousand) },
    { id: "R-13", deed: "started anew with 2,000 listeners", run: () => onBlog(restart) },
    { id: "S-40", deed: "slowloris", run: () => onBlog(slow) },
    { id: "S-36 S-37", deed: "texts on which parsers are slow", run: () => onBlog(hostileTexts) },
    { id: "S-38", deed: "inputs of every kind, and what holds the event loop", run: () => onBlog(eventLoop) },
    {
      id: "R-17 R-18",
      deed: "backup under load, restore",
      run: () => onBlog((blog) => backupAndRestore(blog, { copies: 5, stocked: 20_000 })),
    },
    {
      id: "R-13 R-19",
      deed: "three servers, one killed and PostgreSQL restarted 20 times",
      run: () =>
        severalServers({
          rounds: 20,
          onRound: (round, acknowledged) => void (round % 5 === 0 && say(`${round} rounds, ${acknowledged} acknowledged`)),
        }),
    },
    { id: "R-13 R-19", deed: "PostgreSQL paused for 10 s, and stopped for 10 s", run: silences },
    { id: "R-21", deed: "answers lost after the commit", run: () => onBlog((blog) => loseReplies(blog, 200)) },
    { id: "R-24", deed: "no descriptors left", run: () => onBlog((blog) => fewDescriptors(blog)) },
    { id: "R-25", deed: "older widgets", run: () => oldWidgets(3) },
    { id: "R-26", deed: "50,000 comments on a page", run: () => onBlog(bigThread) },
    { id: "S-46 S-49", deed: "a million addresses", run: async () => rememberAddresses(1_000_000) },
    {
      id: "R-23",
      deed: "mixed load for long",
      run: () => onBlog((blog) => soak(blog, { milliseconds: soakMinutes * 60_000, onMinute: say })),
    },
  ];
}

async function onBlog(deed: (blog: Blog) => Promise<Outcome>, folder?: string): Promise<Outcome> {
  const blog = await makeBlog(folder);
  try {
    return await deed(blog);
  } finally {
    blog.remove();
  }
}

const together = (...outcomes: Outcome[]): Outcome => ({
  seen: outcomes.map(({ seen }) => seen).join("; "),
  wrong: outcomes.flatMap(({ wrong }) => wrong),
});

async function kill(blog: Blog, { cycles, seed, say }: { cycles: number; seed: number; say(text: string): void }): Promise<Outcome> {
  const onCycle = (cycle: number, acknowledged: number) => void (cycle % 20 === 0 && say(`${cycle} kills, ${acknowledged} acknowledged`));
  const { acknowledged, unanswered, kept, lost, doubled, wrong } = await killLoop(blog, { cycles, seed, onCycle });
  return {
    seen: `${acknowledged} acknowledged, ${lost} lost, ${doubled} doubled; ${unanswered} without an answer sent again, ${kept} of them were stored`,
    wrong: [...wrong, ...(lost > 0 ? [`${lost} lost`] : []), ...(doubled > 0 ? [`${doubled} doubled`] : [])],
  };
}

async function losePower(blog: Blog): Promise<Outcome> {
  if (!haveStrace()) return { seen: "", wrong: ["not tried: strace is needed"] };
  return together(await watchSyncs(blog, { writers: 8, each: 50 }));
}

async function fullDisk(): Promise<Outcome> {
  const limited = await onBlog(fillDisk);
  const disk = smallDisk(20);
  if (!disk) return together(limited, { seen: "not tried on a disk of 20 MB, which takes root to mount", wrong: [] });
  try {
    const real = await onBlog(fillRealDisk, join(disk.path, "data"));
    return together({ ...real, seen: `on a tmpfs of 20 MB ${real.seen}` }, { ...limited, seen: `by a limit on files ${limited.seen}` });
  } finally {
    disk.remove();
  }
}

async function failingDisk(): Promise<Outcome> {
  if (!haveStrace()) return { seen: "", wrong: ["not tried: strace is needed"] };
  const kinds: [string, string][] = [
    ["EIO", "pwrite64,fsync,fdatasync"],
    ["EROFS", "pwrite64,fsync,fdatasync"],
    ["EACCES", "pwrite64,openat"],
    ["EIO", "fsync,fdatasync"],
  ];
  const outcomes: Outcome[] = [];
  for (const [error, calls] of kinds) {
    const outcome = await onBlog((blog) => failDisk(blog, error, calls));
    outcomes.push({ seen: `${error} of ${calls}: ${outcome.seen}`, wrong: outcome.wrong.map((what) => `${error} of ${calls}: ${what}`) });
  }
  return together(...outcomes);
}

async function silences(): Promise<Outcome> {
  const over = (milliseconds: number) => milliseconds > 10_000;
  return together(await silentPostgres({ how: "paused", over }), await silentPostgres({ how: "stopped", over }));
}

const damaged = async (seed: number) =>
  together(
    await onBlog((blog) => flipBytes(blog, 200, seed)),
    await onBlog((blog) => damageLog(blog, "missing")),
    await onBlog((blog) => damageLog(blog, "garbled")),
  );

async function lockedDatabase(): Promise<Outcome> {
  const after = (seconds: number) => (_: number, since: number) => performance.now() - since > seconds * 1_000;
  const short = await onBlog(async (blog) => {
    const outcome = await holdLock(blog, { held: after(3), expected: 201 });
    return atMost(outcome, outcome.longest, Math.max(100, 2 * outcome.longestBefore), "the longest read while locked for 3 s");
  });
  const long = await onBlog(async (blog) => {
    const outcome = await holdLock(blog, { held: after(30), expected: 503 });
    return atMost(outcome, outcome.longest, Math.max(100, 2 * outcome.longestBefore), "the longest read while locked for 30 s");
  });
  return together(short, long);
}

function* everyStatement() {
  for (let n = 1; ; n++) yield n;
}

async function tenTimes(): Promise<Outcome> {
  let peak = { perProcessorSecond: Number.NaN, p99: Number.NaN };
  await onBlog(async (blog) => ({ seen: "", wrong: [], ...(peak = await peakWrites(blog, 15)) }));
  return onBlog(async (blog) => {
    const seen = await overload(blog, { crowd: 640, enough: (_, began) => performance.now() - began > 60_000 });
    const goodput = seen.perProcessorSecond / peak.perProcessorSecond;
    const said = `${seen.seen}; ${Math.round(goodput * 100)} % of the peak with 64 writers by the server's processor time (at least 80)`;
    const kept = goodput >= 0.8 ? seen.wrong : [...seen.wrong, `goodput ${Math.round(goodput * 100)} % of the peak`];
    return atMost({ seen: said, wrong: kept }, seen.p99, 1_000, "p99 of what was accepted");
  });
}

async function hostileTexts(blog: Blog): Promise<Outcome> {
  const outcome = await postHostileTexts(blog);
  return atMost(outcome, outcome.longest, Math.max(100, 2 * outcome.longestBefore), "the longest prepared read meanwhile");
}

async function bigThread(blog: Blog): Promise<Outcome> {
  const outcome = await readBigThread(blog, 50_000, { walk: true });
  return atMost(outcome, outcome.p99, 50, "p99 of its first part");
}
