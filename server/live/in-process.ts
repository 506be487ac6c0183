import { Refusal } from "../refusal.ts";
import { anySecond, heartbeats, retryLine } from "./beats.ts";
import { type Channel, type Frame, type Hub, type Listener, PANEL_CHANNEL, pageChannel } from "./hub.ts";

/** Listeners that are written to before others get their turn. */
const AT_ONCE = 1_000;
/** Channels that are read at a time. */
const READ_AT_ONCE = 8;
/** Different cursors of one channel for which what was read is kept. */
const FRAMES = 50;

interface Open {
  channel: Channel;
  listeners: Set<Listener>;
  /** On their way in. */
  joining: number;
  version: number | null;
  /** What was read since the last change, by where it goes on from. */
  frames: Map<number, Promise<Frame | null>>;
  beat: number;
  /** Changed, and not yet read. */
  stale: boolean;
  busy: boolean;
  notBefore: number;
}

interface Needs {
  now: () => number;
  /** Reading failed; it is tried again with the next sign of life. */
  failed: (error: unknown) => void;
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** The hub of one process. */
export function liveHub({ now, failed }: Needs): Hub {
  const open = new Map<string, Open>();
  const queue = new Set<Open>();
  let running = 0;
  let listeners = 0;
  let stopped = false;

  const read = ({ channel, frames }: Open, after: number) => {
    let frame = frames.get(after);
    if (!frame) {
      if (frames.size >= FRAMES) frames.clear();
      frames.set(after, (frame = channel.read(after)));
      frame.catch(() => frames.delete(after));
    }
    return frame;
  };
  const closeIfEmpty = (it: Open) => {
    if (it.listeners.size > 0 || it.joining > 0 || open.get(it.channel.id) !== it) return;
    open.delete(it.channel.id);
    queue.delete(it);
  };
  const end = (some: Iterable<Listener>) => {
    for (const listener of some) listener.end(retryLine());
  };

  /** Brings everyone who follows it to the newest version. */
  const bring = async (it: Open) => {
    if (it.version === null) return;
    const frame = await read(it, it.version);
    if (!frame) return end(it.listeners);
    it.version = frame.version;
    let n = 0;
    for (const listener of it.listeners) {
      // One that came meanwhile may be ahead; then it is brought what comes next.
      if (frame.bytes && listener.cursor !== frame.version) listener.send(frame.bytes);
      listener.cursor = frame.version;
      if (++n % AT_ONCE === 0) await nextTurn();
    }
  };
  const run = async (it: Open) => {
    running++;
    it.busy = true;
    await nextTurn();
    it.stale = false;
    it.frames.clear();
    it.notBefore = now() + it.channel.pace;
    await bring(it).catch(failed);
    it.busy = false;
    running--;
    if (it.stale) later(it);
    goOn();
  };
  const goOn = () => {
    for (const it of queue) {
      if (running >= READ_AT_ONCE) return;
      queue.delete(it);
      void run(it);
    }
  };
  const enqueue = (it: Open) => {
    if (open.get(it.channel.id) !== it) return;
    queue.add(it);
    goOn();
  };
  const later = (it: Open) => {
    const wait = it.notBefore - now();
    if (wait <= 0 || wait > it.channel.pace) enqueue(it);
    else setTimeout(enqueue, wait, it).unref();
  };
  const mark = (it: Open | undefined) => {
    if (!it || it.stale) return;
    it.stale = true;
    if (!it.busy) later(it);
  };

  // A hint may be lost, and a read may have failed: each channel is looked at once in a round.
  const beats = heartbeats(now, (second) => {
    for (const it of open.values()) if (it.beat === second) mark(it);
  });
  const openChannel = (channel: Channel): Open => {
    const it = emptyChannel(channel);
    open.set(channel.id, it);
    return it;
  };
  /** Until it has all that was told to the others while it was read. */
  const catchUp = async (it: Open, listener: Listener) => {
    for (;;) {
      const seen = it.version;
      const frame = await read(it, listener.cursor);
      if (!frame) throw new Refusal("not_found");
      if (stopped) throw new Refusal("busy");
      if (frame.bytes) listener.send(frame.bytes);
      listener.cursor = frame.version;
      it.version ??= frame.version;
      if (frame.version >= it.version || it.version === seen) return;
    }
  };
  const enter = (it: Open, listener: Listener) => {
    it.listeners.add(listener);
    beats.add(listener);
    listeners++;
    return () => {
      if (!it.listeners.delete(listener)) return;
      beats.delete(listener);
      listeners--;
      closeIfEmpty(it);
    };
  };

  return {
    async join(channel, listener) {
      if (stopped) throw new Refusal("busy");
      const it = open.get(channel.id) ?? openChannel(channel);
      it.joining++;
      try {
        await catchUp(it, listener);
        return enter(it, listener);
      } finally {
        it.joining--;
        closeIfEmpty(it);
      }
    },
    changed(change) {
      if (change === "all") for (const it of open.values()) mark(it);
      else {
        mark(open.get(pageChannel(change.site, change.key)));
        mark(open.get(PANEL_CHANNEL));
      }
    },
    size: () => ({ channels: open.size, listeners }),
    stop() {
      stopped = true;
      for (const it of open.values()) end(it.listeners);
    },
  };
}

const emptyChannel = (channel: Channel): Open => ({
  channel,
  listeners: new Set(),
  joining: 0,
  version: null,
  frames: new Map(),
  beat: anySecond(),
  stale: false,
  busy: false,
  notBefore: 0,
});
