import { renderMarkdown, RENDER_VERSION } from "../../server/comments/markdown.ts";
import { idOf } from "../../server/new-id.ts";
import type { LogEntry, NewRow } from "../../server/store/records.ts";
import type { Store } from "../../server/store/store.ts";
import { everyoneCanHear } from "./everyone-can-hear.ts";
import { januarySpines } from "./january-spines.ts";
import { hostile, mendingTable, paperForInk } from "./paper-and-mending.ts";
import type { Discussion, Said } from "./said.ts";

export const DISCUSSIONS: readonly Discussion[] = [everyoneCanHear, januarySpines, paperForInk, mendingTable, hostile];

/** Puts the demo's discussions into a site, as an import would. `blog` is the page key of the blog's folder. */
export async function plant(store: Store, site: number, blog: string): Promise<number> {
  const { added } = await store.load(DISCUSSIONS.flatMap((discussion) => rowsOf(discussion, site, blog)));
  const gone = DISCUSSIONS.flatMap(({ page, said }) =>
    said.filter((one) => one.status === "gone").map((one) => ({ site, id: idIn(page, one) })),
  );
  const log: LogEntry = {
    id: idOf(Date.parse("2026-11-04T10:21:00Z"), "demo purge"),
    at: Date.parse("2026-11-04T10:21:00Z"),
    by: "demo",
    action: "purge",
  };
  await store.purge(gone, log);
  return added;
}

const idIn = (page: string, one: Said) => idOf(Date.parse(one.at), `demo/${page}#${one.key}`);

function rowsOf({ page, title, said }: Discussion, site: number, blog: string): NewRow[] {
  const ids = new Map(said.map((one) => [one.key, idIn(page, one)]));
  return said.map((one) => ({
    site,
    pageKey: blog + page,
    pageTitle: title,
    id: idIn(page, one),
    parent: one.to === undefined ? null : parentId(ids, one.to),
    status: one.status === undefined || one.status === "gone" ? "approved" : one.status,
    reason: one.reason ?? null,
    name: one.by.name,
    email: one.by.email,
    website: one.by.website ?? "",
    role: one.by.role ?? null,
    source: one.text,
    format: "markdown",
    body: renderMarkdown(one.text, { images: false }),
    renderVersion: RENDER_VERSION,
    createdAt: Date.parse(one.at),
    ipHash: null,
  }));
}

function parentId(ids: ReadonlyMap<string, string>, key: string): string {
  const id = ids.get(key);
  if (id === undefined) throw new Error(`The demo answers an unknown comment: ${key}`);
  return id;
}
