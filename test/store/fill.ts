import { idOf } from "../../server/new-id.ts";
import { plainBody } from "../../server/store/plain-body.ts";
import type { NewRow } from "../../server/store/records.ts";
import type { Store } from "../../server/store/store.ts";

export interface Filling {
  site: number;
  comments: number;
  /** Comments on each page. */
  perPage: number;
  /** Comment `i` of a page (from 0) answers the one that this names, or stands at the top. Default: every third is a thread. */
  below?: (i: number) => number | null;
  /** Default: every 50th is held, every 50th spam, the rest approved. */
  status?: (i: number) => NewRow["status"];
}

/** Comments in one transaction. */
const BATCH = 1_000;
const WORDS =
  "figure answer thread garden copper window market letter winter coffee morning question river paper music bridge silver number".split(
    " ",
  );

/** Fills a store by its own `load`, always with the same comments. Page `n` has the key `fill.example/n`. */
export async function fill(store: Store, filling: Filling): Promise<void> {
  for (let from = 0; from < filling.comments; from += BATCH) {
    const size = Math.min(BATCH, filling.comments - from);
    await store.load(Array.from({ length: size }, (_, i) => fillRow(filling, from + i)));
  }
}

const START = Date.UTC(2020, 0, 1);
const idAt = (n: number) => idOf(START + n * 1_000, `fill ${n}`);

function fillRow({ site, perPage, below = (i) => (i % 3 === 0 ? null : i - 1), status = statusOf }: Filling, n: number): NewRow {
  const page = Math.floor(n / perPage);
  const answers = below(n % perPage);
  const source = `${Array.from({ length: 12 }, (_, i) => WORDS[(n * 7 + i * (n % 5) + i) % WORDS.length]).join(" ")} w${n}.`;
  return {
    site,
    id: idAt(n),
    parent: answers === null ? null : idAt(page * perPage + answers),
    status: status(n),
    reason: null,
    name: `Reader ${n % 1_000}`,
    email: `reader${n % 1_000}@mail.example`,
    website: "",
    role: null,
    source,
    format: "markdown",
    body: plainBody(source),
    renderVersion: 1,
    createdAt: START + n * 1_000,
    ipHash: null,
    pageKey: `fill.example/${page}`,
    pageTitle: `Page ${page}`,
  };
}

const statusOf = (n: number): NewRow["status"] => (n % 50 === 7 ? "held" : n % 50 === 8 ? "spam" : "approved");
