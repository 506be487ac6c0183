import { createHash } from "node:crypto";
import type { Services } from "../services.ts";
import { cleanImage } from "./image.ts";

/** Copies pictures from elsewhere, after whoever it concerns has had their answer: nobody waits for it, and nobody hears of its failing. */
export interface Pictures {
  /** Of someone who signed in, from where the provider said. */
  copy(wanted: { site: number; account: string; from: string }): void;
  /** Of an e-mail, by its SHA-256; `pages` are drawn anew once there is one. */
  copyGravatar(wanted: { site: number; whose: string; hash: string; pages: readonly string[] }): void;
  /** Resolves when all that was asked for is done. */
  rest(): Promise<void>;
  /** Finishes what is in hand, and forgets the rest: it is asked for again. */
  stop(): Promise<void>;
}

interface Wanted {
  site: number;
  whose: string;
  from: string;
  /** That show it; "own" are those on which the account wrote. */
  pages: readonly string[] | "own";
  /** Milliseconds for which the copy is good. */
  keep: number;
  /** For how long it holds good that there is none, and for how long where that could not be learned; 0 keeps nothing. */
  none: number;
  failed: number;
}

/** More than this wait no longer; they are asked for again. */
const WAITING = 200;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** An account's is looked at again at the next sign-in, and goes with the account. */
const FOR_EVER = 8.64e15;
const GRAVATAR = "https://gravatar.com/avatar";

type Copying = Pick<Services, "store" | "outbound" | "now" | "log">;

export function pictureCopier(services: Copying, gravatar = GRAVATAR): Pictures {
  const waiting = new Map<string, Wanted>();
  let going: Promise<void> | null = null;
  let stopped = false;
  const go = () => {
    going ??= copyAll(services, waiting).finally(() => {
      going = null;
      if (waiting.size > 0) go();
    });
  };
  const want = (wanted: Wanted) => {
    const key = `${wanted.site} ${wanted.whose}`;
    if (stopped || (waiting.size >= WAITING && !waiting.has(key))) return;
    waiting.set(key, wanted);
    go();
  };
  return {
    copy: ({ site, account, from }) => want({ site, whose: account, from, pages: "own", keep: FOR_EVER, none: 0, failed: 0 }),
    copyGravatar: ({ site, whose, hash, pages }) =>
      want({ site, whose, from: `${gravatar}/${hash}?s=96&d=404&r=g`, pages, keep: 30 * DAY, none: 7 * DAY, failed: HOUR }),
    async rest() {
      for (let now = going; now; now = going) await now;
    },
    async stop() {
      stopped = true;
      waiting.clear();
      await going;
    },
  };
}

/** One after the other. */
async function copyAll(services: Copying, waiting: Map<string, Wanted>): Promise<void> {
  // The answer goes out first.
  await new Promise<void>((resolve) => setImmediate(resolve));
  for (const [key, wanted] of waiting) {
    try {
      await copyOne(services, wanted);
    } catch (error) {
      services.log.info({ error: (error as Error).name }, "a picture was not copied");
    }
    waiting.delete(key);
  }
}

async function copyOne({ store, outbound, now }: Copying, { site, whose, from, pages, keep, none, failed }: Wanted): Promise<void> {
  const found = await outbound(from, { headers: { accept: "image/png, image/jpeg, image/webp, image/gif" } }).then(
    read,
    () => "failed" as const,
  );
  if (typeof found !== "string") {
    const digest = createHash("sha256").update(found.bytes).digest("hex").slice(0, 32);
    return store.keepPicture({ site, whose, digest, ...found, expiresAt: Math.min(now() + keep, FOR_EVER) }, pages);
  }
  const good = found === "none" ? none : failed;
  if (good > 0) await store.keepPicture({ site, whose, digest: "", type: "", bytes: Buffer.alloc(0), expiresAt: now() + good }, pages);
}

async function read(response: Response) {
  if (response.status === 404) return "none";
  if (!response.ok) return "failed";
  return cleanImage(Buffer.from(await response.arrayBuffer())) ?? "none";
}
