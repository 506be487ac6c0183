import { all, change, once, run, type Steps } from "../steps.ts";
import type { LogEntry } from "../records.ts";
import type { WayPatch, WayRow } from "../ways.ts";
import type { Act, Context } from "./context.ts";
import { writeLog } from "./log.ts";

export function* listWays({ dialect: { db } }: Context, site: number): Steps<WayRow[]> {
  const rows = yield* all(once(db.selectFrom("ways").selectAll().where("site_id", "=", site).orderBy("place").orderBy("id")));
  return rows.map(({ site_id, is_on, ...row }) => ({ ...row, site: site_id, on: is_on === 1 }));
}

export function* addWay(cx: Context, act: Act, { site, on, ...way }: WayRow, log: LogEntry): Steps<boolean> {
  const row = { site_id: site, is_on: on ? 1 : 0, ...way };
  const query = cx.dialect.db.insertInto("ways").values(row);
  if ((yield* change(once(query.onConflict((c) => c.columns(["site_id", "id"]).doNothing())))) === 0) return false;
  return yield* noted(cx, act, site, log);
}

export interface WayAt {
  site: number;
  id: string;
}

export function* changeWay(cx: Context, act: Act, { site, id }: WayAt, { on, ...rest }: WayPatch, log: LogEntry): Steps<boolean> {
  const set = { ...rest, ...(on !== undefined && { is_on: on ? 1 : 0 }) };
  const query = cx.dialect.db.updateTable("ways").set(set).where("site_id", "=", site).where("id", "=", id);
  if ((yield* change(once(query))) === 0) return false;
  return yield* noted(cx, act, site, log);
}

export interface Order {
  site: number;
  order: readonly Pick<WayRow, "id" | "kind" | "on">[];
}

export function* orderWays(cx: Context, act: Act, { site, order }: Order, log: LogEntry): Steps<void> {
  const { db } = cx.dialect;
  for (const [place, { id, kind, on }] of order.entries()) {
    const row = { site_id: site, id, kind, label: "", issuer: "", client: "", secret: "", is_on: on ? 1 : 0, place };
    const add = db.insertInto("ways").values(row);
    if (kind === "") yield* run(once(add.onConflict((c) => c.columns(["site_id", "id"]).doNothing())));
    yield* run(once(db.updateTable("ways").set({ place }).where("site_id", "=", site).where("id", "=", id)));
  }
  yield* noted(cx, act, site, log);
}

export function* removeWay(cx: Context, act: Act, { site, id }: WayAt, log: LogEntry): Steps<boolean> {
  const { db } = cx.dialect;
  if ((yield* change(once(db.deleteFrom("ways").where("site_id", "=", site).where("id", "=", id)))) === 0) return false;
  const came = db.selectFrom("accounts").select("id").where("site_id", "=", site).where("provider", "=", id);
  yield* run(once(db.deleteFrom("reader_sessions").where("site_id", "=", site).where("account_id", "in", came)));
  return yield* noted(cx, act, site, log);
}

/** Readers see it in the answer of every page. */
function* noted(cx: Context, act: Act, site: number, log: LogEntry): Steps<true> {
  yield* writeLog(cx, log, [{ site }]);
  act.changed("all");
  return true;
}
