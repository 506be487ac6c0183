import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { CommentRow, Slice } from "../store/records.ts";
import type { Comment, Sort, Thread } from "../wire/comment.ts";
import { LIMITS } from "../wire/limits.ts";
import { type Faces, facesOf } from "./faces.ts";
import type { Place } from "./sites.ts";
import { toComment, toPageInfo, toPublicSettings } from "./view.ts";

export interface ThreadRequest extends Place {
  sort?: Sort | undefined;
  after?: string | undefined;
  /** More replies of this top-level comment, after `after`. */
  parent?: string | undefined;
  /** What a permalink to this comment needs. */
  around?: string | undefined;
}

/** So many comments above a linked one are sent along. */
const ANCESTORS = 10;

type Reading = Pick<Services, "store" | "keys" | "mail" | "ways" | "pictures" | "now">;

/** One answer of a page's thread: never more than 50 top-level comments and 200 in all. */
export async function readThread(services: Reading, { site, key, ...request }: ThreadRequest): Promise<Thread> {
  const page = await services.store.page(site.id, key);
  const sort = request.sort ?? site.settings.sort;
  const slice = page ? await readSlice(services, page.id, { site, key, ...request, sort }) : { rows: [], next: null };
  const faces = await facesOf(services, site, { rows: slice.rows, page: key });
  return {
    site: { id: site.id, name: site.name, settings: await toPublicSettings(site, services) },
    page: toPageInfo(site, key, page),
    sort,
    comments:
      request.around === undefined
        ? slice.rows.map((row) => toComment(services, row, faces))
        : await withNames(services, slice.rows, faces),
    next: slice.next,
  };
}

async function readSlice(
  { store }: Reading,
  page: number,
  { site, sort, after, parent, around }: ThreadRequest & { sort: Sort },
): Promise<Slice> {
  if (around !== undefined) {
    const slice = await store.around({ site: site.id, id: around, ancestors: ANCESTORS, limit: LIMITS.replies });
    if (slice.rows.length === 0 || slice.rows[0]?.page !== page) throw new Refusal("not_found");
    return slice;
  }
  if (parent !== undefined) return store.replies({ site: site.id, page, root: parent, after, limit: LIMITS.replies });
  return store.threads({ site: site.id, page, sort, after, threads: LIMITS.threads, comments: LIMITS.comments });
}

/** Where a slice begins in the middle of a thread, each comment says whom it answers. */
async function withNames(services: Reading, rows: readonly CommentRow[], faces: Faces): Promise<Comment[]> {
  const known = new Map(rows.map((row) => [row.id, row]));
  return Promise.all(
    rows.map(async (row) => {
      const comment = toComment(services, row, faces);
      if (row.parent === null || known.has(row.parent)) return comment;
      const parent = await services.store.comment(row.site, row.parent);
      return parent?.status === "approved" ? { ...comment, to: parent.name } : comment;
    }),
  );
}

/** Approved comments for each address asked; one that is no page of ours counts 0. */
export async function countComments(
  { counts }: Pick<Services, "counts">,
  places: ReadonlyMap<string, Place | null>,
): Promise<Record<string, number>> {
  const keys = new Map<number, Set<string>>();
  for (const place of places.values()) {
    if (place) keys.set(place.site.id, (keys.get(place.site.id) ?? new Set()).add(place.key));
  }
  const found = new Map<number, Map<string, number>>();
  for (const [site, pages] of keys) found.set(site, await counts.of(site, pages));
  return Object.fromEntries([...places].map(([url, place]) => [url, (place && found.get(place.site.id)?.get(place.key)) ?? 0]));
}
