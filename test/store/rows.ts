import { parse } from "valibot";
import { idMaker } from "../../server/new-id.ts";
import { plainBody } from "../../server/store/plain-body.ts";
import type { LogEntry, NewRow, Site } from "../../server/store/records.ts";
import type { Store } from "../../server/store/store.ts";
import { Settings } from "../../server/wire/settings.ts";

/** Rises by a millisecond with each id, so that order is plain to see. */
let clock = Date.UTC(2026, 0, 1);
export const newId = idMaker(() => clock++);

export const PAGE = "blog.example/a";

export function newRow(parent: string | null = null, more: Partial<NewRow> = {}): NewRow {
  const source = more.source ?? "A word about it.";
  return {
    site: 1,
    id: newId(),
    parent,
    status: "approved",
    reason: null,
    name: "Ada",
    email: "ada@reader.example",
    website: "",
    role: null,
    source,
    format: "markdown",
    body: plainBody(source),
    renderVersion: 1,
    createdAt: 1_700_000_000_000,
    ipHash: "c0ffee",
    pageKey: PAGE,
    pageTitle: "A page",
    ...more,
  };
}

export const newLog = (action: LogEntry["action"] = "status"): LogEntry => ({ id: newId(), at: 1_700_000_000_000, by: "owner", action });

export const newSite = (name = "Blog", origin = "https://blog.example"): Omit<Site, "id"> => ({
  name,
  origins: [origin],
  aliases: {},
  settings: parse(Settings, {}),
  createdAt: 1_700_000_000_000,
});

/** Adds a comment that must be accepted, and gives it back. */
export async function put(store: Store, parent: string | null = null, more: Partial<NewRow> = {}) {
  const added = await store.add(newRow(parent, more), []);
  if (!added.ok) throw new Error(`refused: ${added.taken}`);
  return added.row;
}

export const at = (...ids: string[]) => ids.map((id) => ({ site: 1, id }));
