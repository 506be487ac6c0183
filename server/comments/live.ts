import { type Channel, type Frame, PANEL_CHANNEL, pageChannel } from "../live/hub.ts";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { Changes } from "../store/records.ts";
import { LIMITS } from "../wire/limits.ts";
import type { LiveEvent, PanelEvent } from "../wire/live.ts";
import { type Faces, facesOf } from "./faces.ts";
import type { Place } from "./sites.ts";
import { toComment, toPageInfo } from "./view.ts";

/** Milliseconds between two events of one page: what happens meanwhile is told together. */
const PAGE_PACE = 250;
/** The panel asks anew for what it shows, so it hears less often. */
const PANEL_PACE = 1_000;
/** A larger event is not sent to all who listen; they read the thread, which is compressed. */
const MAX_EVENT_BYTES = 128 * 1024;

/** A page as those follow it who have it open. It ends when its site is gone or turns live updates off. */
export function followPage(services: Services, place: Place): Channel {
  const site = place.site.id;
  return {
    id: pageChannel(site, place.key),
    pace: PAGE_PACE,
    async read(after) {
      const now = await services.sites.byId(site);
      return now?.settings.live ? readChanges(services, { site: now, key: place.key }, after) : null;
    },
  };
}

/** Refusal `not_found` where the site's owner turned live updates off. */
export function requireLive({ site }: Place): void {
  if (!site.settings.live) throw new Refusal("not_found");
}

async function readChanges(services: Services, place: Place, after: number): Promise<Frame> {
  const { site, key } = place;
  const changes = await services.store.changes({ site: site.id, key, after, limit: LIMITS.liveChanges });
  const version = changes?.page.version ?? 0;
  if (version === after) return { version, bytes: null };
  const nothing = { page: toPageInfo(site, key, changes?.page ?? null), since: after, comments: [], gone: [], replies: {} };
  if (!changes?.whole) return { version, bytes: encode(version, { ...nothing, reload: true }) };
  const faces = await facesOf(services, site, { rows: changes.rows, page: key });
  const bytes = encode(version, { ...nothing, ...told(services, changes, faces) });
  return { version, bytes: bytes.length > MAX_EVENT_BYTES ? encode(version, { ...nothing, reload: true }) : bytes };
}

function told(services: Services, { rows, gone, replies, names }: Changes, faces: Faces): Pick<LiveEvent, "comments" | "gone" | "replies"> {
  const comments = rows.map((row) => {
    const to = row.parent === null ? undefined : names.get(row.parent);
    return { ...toComment(services, row, faces), ...(to && { to }) };
  });
  return { comments, gone, replies: Object.fromEntries(replies) };
}

/** The queue as a moderator follows it. Its versions are this process's own: who comes back reads the queue anew. */
export function followQueue({ store }: Services): Channel {
  let version = 0;
  store.onChange(() => version++);
  return {
    id: PANEL_CHANNEL,
    pace: PANEL_PACE,
    async read(after) {
      const now = version;
      return { version: now, bytes: now === after ? null : encode(now, { counts: await store.queueCounts() }) };
    },
  };
}

/** One event (HTML 9.2.6). JSON has no line break outside its escapes, so nothing that was written can end it or begin another. */
const encode = (id: number, data: LiveEvent | PanelEvent) => Buffer.from(`id: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
