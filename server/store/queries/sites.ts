import * as v from "valibot";
import { Refusal } from "../../refusal.ts";
import { Settings } from "../../wire/settings.ts";
import { all, first, once, run, type Steps } from "../steps.ts";
import type { LogEntry, Site, SitePatch } from "../records.ts";
import type { Context, Act } from "./context.ts";
import { writeLog } from "./log.ts";

export function* listSites({ dialect: { db } }: Context): Steps<Site[]> {
  const rows = yield* all(once(db.selectFrom("sites").selectAll().orderBy("id")));
  const origins = new Map<number, string[]>(rows.map(({ id }) => [id, []]));
  for (const { site_id, origin } of yield* all(once(db.selectFrom("origins").selectAll().orderBy("site_id").orderBy("place"))))
    origins.get(site_id)?.push(origin);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    origins: origins.get(row.id) ?? [],
    aliases: JSON.parse(row.aliases) as Record<string, string>,
    // A setting that came later has its default.
    settings: { ...v.getDefaults(Settings), ...(JSON.parse(row.settings) as Partial<Settings>) } as Settings,
    createdAt: row.created_at,
  }));
}

export function* addSite(cx: Context, act: Act, site: Omit<Site, "id">, log: LogEntry): Steps<Site> {
  const { db } = cx.dialect;
  // The log remembers removed sites: their numbers are not given again.
  const used = yield* first(once(db.selectFrom("sites").select((e) => e.fn.max("id").as("id"))));
  const logged = yield* first(once(db.selectFrom("log").select((e) => e.fn.max("site_id").as("id"))));
  const id = Math.max(used?.id ?? 0, logged?.id ?? 0) + 1;
  const { name, aliases, settings, createdAt } = site;
  const row = { id, name, aliases: JSON.stringify(aliases), settings: JSON.stringify(settings), created_at: createdAt };
  yield* run(once(db.insertInto("sites").values(row)));
  yield* run(once(db.insertInto("site_counts").values({ site_id: id, held: 0, approved: 0, spam: 0, trash: 0 })));
  yield* takeOrigins(cx, id, site.origins);
  yield* writeLog(cx, log, [{ site: id }]);
  act.changed("all");
  return { ...site, id };
}

function* takeOrigins({ dialect: { db } }: Context, site: number, origins: readonly string[]): Steps<void> {
  yield* run(once(db.deleteFrom("origins").where("site_id", "=", site)));
  for (const [place, origin] of [...new Set(origins)].entries()) {
    if (yield* first(once(db.selectFrom("origins").select("site_id").where("origin", "=", origin)))) throw new Refusal("origin_taken");
    yield* run(once(db.insertInto("origins").values({ origin, site_id: site, place })));
  }
}

export function* updateSite(cx: Context, act: Act, id: number, { patch, log }: { patch: SitePatch; log: LogEntry }): Steps<Site | null> {
  const site = (yield* listSites(cx)).find((site) => site.id === id);
  if (!site) return null;
  const changed = { ...site, ...patch };
  const { name, aliases, settings } = changed;
  const row = { name, aliases: JSON.stringify(aliases), settings: JSON.stringify(settings) };
  yield* run(once(cx.dialect.db.updateTable("sites").set(row).where("id", "=", id)));
  if (patch.origins) yield* takeOrigins(cx, id, patch.origins);
  yield* writeLog(cx, log, [{ site: id }]);
  act.changed("all");
  return changed;
}

export function* removeSite(cx: Context, act: Act, id: number, log: LogEntry): Steps<boolean> {
  const { db, search } = cx.dialect;
  if (!(yield* first(once(db.selectFrom("sites").select("id").where("id", "=", id))))) return false;
  yield* search.removeSite(id);
  for (const table of [
    "ways",
    "reader_passkeys",
    "reader_links",
    "pictures",
    "reader_sessions",
    "sign_ins",
    "identities",
    "accounts",
    "claims",
    "turns",
    "letters",
    "letter_leases",
    "digest_lines",
    "follows",
    "followers",
    "revisions",
    "gone",
    "comments",
    "writers",
    "pages",
    "origins",
    "site_counts",
  ] as const) {
    yield* run(once(db.deleteFrom(table).where("site_id", "=", id)));
  }
  yield* run(once(db.deleteFrom("sites").where("id", "=", id)));
  yield* writeLog(cx, log, [{ site: id }]);
  act.changed("all");
  return true;
}
