import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { StoreChange } from "../store/records.ts";

export type Encoding = "identity" | "gzip" | "br";

/** A thread's first answer, rendered and compressed once for all its readers until the page changes. */
export interface PreparedThread {
  site: number;
  key: string;
  /** RFC 9110 8.8.3, weak: the encodings differ in bytes. */
  etag: string;
  bodies: Record<Encoding, Buffer>;
}

export interface Prepared {
  get(id: string): PreparedThread | undefined;
  /** Makes it, once for all who ask meanwhile; a change of the page while it was made is not kept over. */
  make(id: string, place: { site: number; key: string }, read: () => Promise<unknown>): Promise<PreparedThread>;
  drop(change: StoreChange): void;
  /** Bytes and answers held, for the bench. */
  size(): { bytes: number; entries: number };
}

/** The longest unread are dropped above this. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Map entries, strings and headers around the bytes of an answer, roughly. */
const OVERHEAD = 600;
/** Good ratio at well under a millisecond for 100 comments; level 11 would take 50. */
const BROTLI_QUALITY = 5;

const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);

export function preparedThreads(maxBytes = MAX_BYTES): Prepared {
  const entries = new Map<string, PreparedThread>();
  /** In the making. A change of the page takes it out, so that what was read before is not kept after. */
  const making = new Map<string, { site: number; key: string; promise: Promise<PreparedThread> }>();
  const byPage = new Map<string, Set<string>>();
  let bytes = 0;

  const remove = (id: string) => {
    const entry = entries.get(id);
    if (!entry) return;
    entries.delete(id);
    bytes -= weigh(entry);
    const page = `${entry.site} ${entry.key}`;
    byPage.get(page)?.delete(id);
    if (byPage.get(page)?.size === 0) byPage.delete(page);
  };
  const keep = (id: string, entry: PreparedThread) => {
    remove(id);
    entries.set(id, entry);
    bytes += weigh(entry);
    const page = `${entry.site} ${entry.key}`;
    byPage.set(page, (byPage.get(page) ?? new Set()).add(id));
    for (const oldest of entries.keys()) {
      if (bytes <= maxBytes) break;
      remove(oldest);
    }
  };

  return {
    get(id) {
      const entry = entries.get(id);
      if (entry) {
        entries.delete(id);
        entries.set(id, entry);
      }
      return entry;
    },
    make(id, place, read) {
      const underWay = making.get(id);
      if (underWay) return underWay.promise;
      const promise = compress(place, read)
        .then((entry) => {
          if (making.get(id)?.promise === promise) keep(id, entry);
          return entry;
        })
        .finally(() => {
          if (making.get(id)?.promise === promise) making.delete(id);
        });
      making.set(id, { ...place, promise });
      return promise;
    },
    drop(change) {
      if (change === "all") {
        making.clear();
        entries.clear();
        byPage.clear();
        bytes = 0;
        return;
      }
      for (const [id, { site, key }] of making) if (site === change.site && key === change.key) making.delete(id);
      for (const id of byPage.get(`${change.site} ${change.key}`) ?? []) remove(id);
    },
    size: () => ({ bytes, entries: entries.size }),
  };
}

const weigh = ({ bodies, key }: PreparedThread) =>
  bodies.identity.length + bodies.gzip.length + bodies.br.length + 2 * key.length + OVERHEAD;

async function compress({ site, key }: { site: number; key: string }, read: () => Promise<unknown>): Promise<PreparedThread> {
  const identity = Buffer.from(JSON.stringify(await read()));
  const [br, gz] = await Promise.all([
    compressBrotli(identity, {
      params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: identity.length },
    }),
    compressGzip(identity),
  ]);
  const etag = `W/"${createHash("sha256").update(identity).digest("base64url").slice(0, 22)}"`;
  return { site, key, etag, bodies: { identity, br, gzip: gz } };
}
