/** The store's writes without HTTP, beside better-sqlite3 alone. */
import { randomBytes } from "node:crypto";
import { copyFileSync, rmSync } from "node:fs";
import { idMaker } from "../../server/new-id.ts";
import { plainBody } from "../../server/store/plain-body.ts";
import { openSqlite } from "../../server/store/sqlite/index.ts";
import type { Claim, NewRow } from "../../server/store/records.ts";
import type { Store } from "../../server/store/store.ts";
import { ENDS, insertRowsAlone, type Mirror, mirrorOf, watchKept } from "./bare-writes.ts";
import { keyOf, ORIGIN, randomFrom, SITE, textOf } from "./fill.ts";
import { beginPace, type Pace } from "./pace.ts";
import { median } from "./statistics.ts";

export interface Kind {
  writers: number;
  /** With the three claims that a comment over HTTP takes: its Idempotency-Key, form token and text. */
  claims: boolean;
}
export interface StoreWriteRow extends Kind, Pace {
  /** Beside all the same rows, one write at a time by better-sqlite3 alone, in the same round. */
  share: number;
  /** Beside the comments' own rows alone. */
  shareOfRows: number;
  commitsPerWrite: number;
}
export interface StoreWrites {
  rows: StoreWriteRow[];
  /** better-sqlite3 alone, one at a time: all rows of a write, without and with claims, and the comments' own alone. */
  alone: Pace;
  aloneWithClaims: Pace;
  rowsAlone: Pace;
  /** Microseconds of processor time to index a comment for the search, which is done when writes pause. */
  index: number;
}

const newId = idMaker(Date.now);
export const KINDS: Kind[] = [1, 16, 64].flatMap((writers) => [false, true].map((claims) => ({ writers, claims })));

export type Measured = Pace & { commits: number };
interface Round {
  kinds: Measured[];
  alone: Pace;
  aloneWithClaims: Pace;
  rowsAlone: Pace;
  index: number;
}

export async function measureStoreWrites(database: string, { rounds, amount }: { rounds: number; amount: number }): Promise<StoreWrites> {
  const copy = `${database}.written`;
  copyFileSync(database, copy);
  const mirror = mirrorOf(copy);
  const store = await openSqlite({ path: copy });
  const kept = watchKept(copy);
  const found: Round[] = [];
  try {
    await write(store, { writers: 16, claims: false }, amount);
    mirror.know(kept.pages());
    mirror.together(kept.since());
    // The first round warms up and is not counted.
    for (let round = 0; round <= rounds; round++) found.push(await measureRound({ store, mirror, kept, copy, amount }));
  } finally {
    kept.close();
    mirror.close();
    await store.close();
    for (const end of ENDS) rmSync(copy + end, { force: true });
  }
  return summaryOf(found.slice(1));
}

interface Subjects {
  store: Store;
  mirror: Mirror;
  kept: ReturnType<typeof watchKept>;
  copy: string;
  amount: number;
}

async function measureRound({ store, mirror, kept, copy, amount }: Subjects): Promise<Round> {
  const kinds: Measured[] = [];
  const alone: Pace[] = [];
  const index: number[] = [];
  let rowsAlone: Pace | undefined;
  for (const kind of KINDS) {
    index.push(await settle(store, amount));
    mirror.know(kept.pages());
    kinds.push(await write(store, kind, amount));
    const rows = kept.since();
    if (kind.writers === 16) alone.push(mirror.oneByOne(rows));
    else mirror.together(rows);
    if (kind.writers === 16 && !kind.claims) rowsAlone = insertRowsAlone(copy, rows);
  }
  return { kinds, alone: alone[0]!, aloneWithClaims: alone[1]!, rowsAlone: rowsAlone!, index: median(index) };
}

/** Lets the search index catch up with what was written before; a search waits for it. Microseconds of processor time a comment. */
async function settle(store: Store, amount: number): Promise<number> {
  const end = beginPace(amount);
  await store.queue({ site: SITE, search: "youfigure", sort: "newest", limit: 1 });
  return end().cpu;
}

function summaryOf(rounds: readonly Round[]): StoreWrites {
  const paceIn = (of: (round: Round) => Pace): Pace => ({
    perSecond: median(rounds.map((round) => of(round).perSecond)),
    cpu: median(rounds.map((round) => of(round).cpu)),
  });
  return {
    rows: KINDS.map((kind, i) => ({
      ...kind,
      ...paceIn(({ kinds }) => kinds[i]!),
      share: median(rounds.map((r) => r.kinds[i]!.perSecond / (kind.claims ? r.aloneWithClaims : r.alone).perSecond)),
      shareOfRows: median(rounds.map((r) => r.kinds[i]!.perSecond / r.rowsAlone.perSecond)),
      commitsPerWrite: median(rounds.map(({ kinds }) => kinds[i]!.commits)),
    })),
    alone: paceIn(({ alone }) => alone),
    aloneWithClaims: paceIn(({ aloneWithClaims }) => aloneWithClaims),
    rowsAlone: paceIn(({ rowsAlone }) => rowsAlone),
    index: median(rounds.map(({ index }) => index)),
  };
}

export async function write(store: Store, { writers, claims }: Kind, amount: number): Promise<Measured> {
  const random = randomFrom(Date.now());
  const rows = Array.from({ length: amount }, (_, n) => ({ row: rowOf(n, random), claims: claims ? claimsOf() : [] }));
  const { commits } = store.stats();
  const end = beginPace(amount);
  let next = 0;
  const writer = async () => {
    for (let each = rows[next++]; each; each = rows[next++]) {
      const added = await store.add(each.row, each.claims);
      if (!added.ok) throw new Error(`Not stored: ${added.taken}`);
    }
  };
  await Promise.all(Array.from({ length: writers }, writer));
  return { ...end(), commits: (store.stats().commits - commits) / amount };
}

function rowOf(n: number, random: () => number): NewRow {
  const source = textOf(random);
  return {
    site: SITE,
    pageKey: keyOf(`${ORIGIN}/written-${n % 100}`),
    pageTitle: "A post that people answer",
    id: newId(),
    parent: null,
    status: "approved",
    reason: null,
    name: `Reader ${n}`,
    email: `reader${n}@mail.example`,
    website: "",
    role: null,
    source,
    format: "markdown",
    body: plainBody(source),
    renderVersion: 1,
    createdAt: Date.now(),
    ipHash: "0123456789abcdef",
  };
}

const claimsOf = (): Claim[] =>
  (["idempotency", "token", "duplicate"] as const).map((kind) => ({
    kind,
    hash: randomBytes(32).toString("hex"),
    expiresAt: Date.now() + 3_600_000,
  }));
