import { pageKey } from "../comments/page-key.ts";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { NewRow, Site } from "../store/records.ts";
import { cleanBody, cleanFields } from "./clean.ts";
import type { ForeignComment, Importer } from "./importer.ts";
import { Plan } from "./plan.ts";
import { readText } from "./read-text.ts";
import { emptyReport, type Report } from "./report.ts";
import { readWxr } from "./wxr.ts";

export interface ImportOptions {
  services: Pick<Services, "store">;
  site: Site;
  file: string;
  importer?: Importer;
  /** Read and count only. */
  dryRun?: boolean;
  /** Take pingbacks and trackbacks too. */
  pingbacks?: boolean;
  /** Hosts of the export whose pages are this site's pages, under its first origin. */
  hosts?: readonly string[];
  onProgress?: (progress: { read: number; added: number }) => void;
}

/** Comments that one commit takes. */
const BATCH = 500;

/**
 * Reads an export into a site, twice: first to know every comment and that the file is sound, so that a broken file
 * changes nothing, then to write, parents before their replies. Running it again adds nothing.
 */
export async function runImport(options: ImportOptions): Promise<Report> {
  const report = emptyReport();
  const plan = await planImport(options, report);
  if (!options.dryRun) await writeImport(options, plan, report);
  return report;
}

async function planImport(options: ImportOptions, report: Report): Promise<Plan> {
  const plan = new Plan();
  const pages = new Set<string>();
  const replies: string[] = [];
  for await (const comment of read(options)) {
    report.read++;
    if (report.read % BATCH === 0) options.onProgress?.({ read: report.read, added: 0 });
    const page = pageOf(comment, options);
    if (!isWanted(comment, options)) count(report.kinds, comment.kind);
    else if (page === null) count(report.elsewhere, hostOf(comment.page.link));
    else if (comment.source.trim() === "") report.empty++;
    else if (!plan.add(keyOf(comment, page), comment.at, parentKeyOf(comment, page))) report.repeated++;
    else {
      pages.add(page);
      report.states[comment.status]++;
      if (comment.parent !== null) replies.push(keyOf(comment, page));
      cleanFields(comment, (field) => report.emptied[field]++);
    }
  }
  report.pages = pages.size;
  report.orphans = replies.filter((key) => plan.parentOf(key) === null).length;
  options.onProgress?.({ read: report.read, added: 0 });
  return plan;
}

async function writeImport(options: ImportOptions, plan: Plan, report: Report): Promise<void> {
  const { services, onProgress } = options;
  let batch: NewRow[] = [];
  const write = async () => {
    const { added, known } = await services.store.load(batch);
    report.added += added;
    report.known += known;
    batch = [];
    onProgress?.({ read: report.read, added: report.added });
  };
  for await (const row of inOrder(rows(options, plan))) {
    batch.push(row);
    if (batch.length === BATCH) await write();
  }
  if (batch.length > 0) await write();
}

async function* rows(options: ImportOptions, plan: Plan): AsyncGenerator<NewRow> {
  const written = new Set<string>();
  for await (const comment of read(options)) {
    const page = pageOf(comment, options);
    if (page === null || !isWanted(comment, options) || comment.source.trim() === "") continue;
    const key = keyOf(comment, page);
    if (written.has(key)) continue;
    written.add(key);
    yield toRow(comment, page, { options, plan });
  }
}

function toRow(comment: ForeignComment, page: string, { options, plan }: { options: ImportOptions; plan: Plan }): NewRow {
  const key = keyOf(comment, page);
  const parent = plan.parentOf(key);
  const { title, ...fields } = cleanFields(comment, () => undefined);
  return {
    ...fields,
    ...cleanBody(comment, options.site.settings.images),
    site: options.site.id,
    pageKey: page,
    pageTitle: title,
    id: plan.idOf(key),
    parent: parent === null ? null : plan.idOf(parent),
    status: comment.status,
    reason: comment.status === "approved" ? null : "import",
    role: null,
    createdAt: comment.at,
    ipHash: null,
  };
}

/** A reply that comes before its parent waits for it. */
async function* inOrder(source: AsyncIterable<NewRow>): AsyncGenerator<NewRow> {
  const gone = new Set<string>();
  const waiting = new Map<string, NewRow[]>();
  for await (const row of source) {
    if (row.parent !== null && !gone.has(row.parent)) {
      waiting.set(row.parent, [...(waiting.get(row.parent) ?? []), row]);
      continue;
    }
    const ready = [row];
    for (let next = ready.pop(); next; next = ready.pop()) {
      gone.add(next.id);
      yield next;
      ready.push(...(waiting.get(next.id) ?? []));
      waiting.delete(next.id);
    }
  }
}

function read({ file, importer = readWxr }: ImportOptions): AsyncIterable<ForeignComment> {
  return importer(readText(file));
}

/** WordPress keeps notes of shops and plug-ins among the comments: only what a person said in public is taken. */
function isWanted({ kind }: ForeignComment, { pingbacks = false }: ImportOptions): boolean {
  return kind === "comment" || (pingbacks && (kind === "pingback" || kind === "trackback"));
}

/** The key of the comment's page here, or null when it is none of the site's. */
function pageOf({ page }: ForeignComment, { site, hosts = [] }: ImportOptions): string | null {
  const own = site.origins.map((origin) => hostOf(origin));
  const [first] = own;
  const aliases = first === undefined ? {} : Object.fromEntries(hosts.map((host) => [host.toLowerCase(), first]));
  const read = pageKey(page.link, { ...site.aliases, ...aliases });
  return !(read instanceof Refusal) && own.includes(hostOf(`https://${read.key}`)) ? read.key : null;
}

function hostOf(address: string): string {
  const read = pageKey(address, {});
  return read instanceof Refusal ? "" : read.key.split(/[/?]/, 1)[0]!;
}

/** What an id is derived from; it must never change. */
const keyOf = (comment: ForeignComment, page: string) => `${page} ${comment.id}`;
const parentKeyOf = (comment: ForeignComment, page: string) => (comment.parent === null ? null : `${page} ${comment.parent}`);

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
