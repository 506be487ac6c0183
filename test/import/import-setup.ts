import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { type ImportOptions, runImport } from "../../server/import/load.ts";
import type { Report } from "../../server/import/report.ts";
import { openSqlite } from "../../server/store/sqlite/index.ts";
import type { CommentRow, Site } from "../../server/store/records.ts";
import type { Store } from "../../server/store/store.ts";
import { Settings } from "../../server/wire/settings.ts";

export interface Desk {
  store: Store;
  site: Site;
  run(file: string, options?: Partial<ImportOptions>): Promise<Report>;
  /** Writes a file and gives its path. */
  fileOf(text: string | Uint8Array): string;
  /** Runs over an export of these items, as text. */
  runText(items: string, options?: Partial<ImportOptions>): Promise<Report>;
  rows(): Promise<(CommentRow & { key: string })[]>;
  close(): Promise<void>;
}

/** A real database with one site, https://blog.example, ready to import into. */
export async function importDesk(): Promise<Desk> {
  const folder = mkdtempSync(join(tmpdir(), "youfigure-import-"));
  const store = await openSqlite({ path: join(folder, "import.db") });
  const log = { id: "00000000-0000-7000-8000-000000000000", at: 0, by: "test", action: "site" } as const;
  const site = await store.addSite(
    { name: "Blog", origins: ["https://blog.example"], aliases: {}, settings: v.parse(Settings, {}), createdAt: 0 },
    log,
  );
  const run: Desk["run"] = (file, options) => runImport({ services: { store }, site, file, ...options });
  const fileOf = (text: string | Uint8Array) => {
    const file = join(folder, "export.xml");
    writeFileSync(file, text);
    return file;
  };
  return {
    store,
    site,
    run,
    fileOf,
    runText: (items, options) => run(fileOf(wxr(items)), options),
    rows: async () => {
      const rows = [];
      for await (const { row, page } of store.exportRows(site.id)) rows.push({ ...row, key: page.key });
      return rows;
    },
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Without any of the namespaces that a sound export declares, as many are found. */
export const wxr = (items: string) => `<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>${items}</channel></rss>`;

export const item = (link: string, comments: string, title = "Post") =>
  `<item><title>${title}</title><link>${link}</link>${comments}</item>`;

const cdata = (text: string) => `<![CDATA[${text.replaceAll("]]>", "]]]]><![CDATA[>")}]]>`;

export function comment(id: number, parts: Record<string, string> = {}): string {
  const all = {
    id: String(id),
    author: "Ann",
    date_gmt: "2020-01-02 03:04:05",
    content: "Hello",
    approved: "1",
    type: "",
    parent: "0",
    ...parts,
  };
  const inner = Object.entries(all).map(([name, text]) => `<wp:comment_${name}>${cdata(text)}</wp:comment_${name}>`);
  return `<wp:comment>${inner.join("")}</wp:comment>`;
}
