import { LIVE_PAGES } from "#wire/limits";

/** The part of an event that says whose it is, and whether it is next. */
interface Step {
  since: number;
  page: { url: string; version: number };
  reload?: true;
}

export interface Following<Event> {
  /** Where the comments stand. */
  host: Element;
  /** Address of the streams, without a query. */
  address: string;
  /** The page as its events name it. */
  url: string;
  /** The version of the page that is at hand. */
  version: number;
  /** Takes each version once, in order. */
  hear: (event: Event) => unknown;
  report: (error: unknown) => void;
}

/** Milliseconds before the first try again; twice as long each time, a minute at most, and by chance half as long or half as long again. */
const WAIT = 2_000;
const LONGEST = 60_000;
/** Tabs that answer at once are taken up together. */
const TOGETHER = 50;

/**
 * What tabs tell each other: an event; a page that one of them follows, with the version that it has; a page that it
 * follows no more; and, by the one that holds the stream, who is there?
 */
type Said = string | [url: string, version?: number] | null;

/**
 * Follows a page's stream while its place is seen, until stopped. Of a browser's tabs that show pages of one server one
 * holds the stream, for all their pages, and tells the others: HTTP/1.1 has six connections a host for them all. One
 * that comes later, or missed something, says which version it has, and the stream goes on from there; what a tab has
 * already it drops.
 */
export function follow<Event extends Step>({ host, address, url, version, hear, report }: Following<Event>): () => void {
  let isSeen: boolean | undefined;
  let stop: (() => void) | undefined;

  const listen = () => {
    const others = new BroadcastChannel(address);
    // The rule takes it for a window.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    const tell = (said: Said) => others.postMessage(said);
    /** Where the stream is: all that it follows, by page, with the version that is at hand. */
    let pages: Map<string, number> | undefined;
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout>;
    let wait = WAIT;
    let isOver = false;
    let release = () => {};

    const later = (milliseconds: number) => {
      clearTimeout(timer);
      timer = setTimeout(open, milliseconds);
    };
    const open = () => {
      source?.close();
      const asked = [...pages!].slice(0, LIVE_PAGES).map(([page, after]) => `url=${encodeURIComponent(page)}&after=${after}`);
      source = new EventSource(`${address}?${asked.join("&")}`);
      source.addEventListener("open", () => (wait = WAIT));
      source.addEventListener("message", ({ data }) => {
        tell(data);
        take(data);
      });
      // The browser would try again by itself, but each time after the same while, and not after a refusal.
      source.addEventListener("error", () => {
        source!.close();
        later(wait * (0.5 + Math.random()));
        wait = Math.min(2 * wait, LONGEST);
      });
    };
    /** Begins with the own page, which must not wait for tabs that answer no more. */
    const gather = () => {
      pages = new Map([[url, version]]);
      tell(null);
    };
    const need = (page: string, after: number) => {
      if (!pages) return tell([page, after]);
      if (pages.get(page)! <= after) return;
      pages.set(page, after);
      later(TOGETHER);
    };
    const take = (said: Said) => {
      try {
        if (said === null) tell([url, version]);
        else if (typeof said === "string") takeEvent(JSON.parse(said) as Event);
        else if (!pages) return;
        else if (said[1] === undefined) {
          gather();
          later(TOGETHER);
        } else need(said[0], said[1]);
      } catch (error) {
        report(error);
      }
    };
    const takeEvent = (event: Event) => {
      const { page } = event;
      if (page.url !== url) return void pages?.set(page.url, page.version);
      if (event.since > version) return pages ? later(0) : tell([url, version]);
      if (!event.reload && page.version <= version) return;
      version = page.version;
      pages?.set(url, version);
      hear(event);
    };

    const lead = () =>
      isOver ||
      new Promise<void>((resolve) => {
        release = resolve;
        gather();
        open();
      });
    // A page that is not served securely has no locks: each of its tabs has a stream.
    if (navigator.locks) {
      others.addEventListener("message", ({ data }) => take(data));
      void navigator.locks.request(address, lead);
      tell([url, version]);
    } else void lead();
    return () => {
      isOver = true;
      release();
      clearTimeout(timer);
      source?.close();
      tell([url]);
      others.close();
    };
  };
  const look = () => {
    // A page's `<form name=hidden>` shadows the document's own, but not that of its prototype.
    if (isSeen && !Reflect.get(Document.prototype, "hidden", document)) stop ??= listen();
    else stop = void stop?.();
  };
  const watcher = new IntersectionObserver((entries) => {
    isSeen = entries.at(-1)?.isIntersecting;
    look();
  });
  watcher.observe(host);
  addEventListener("visibilitychange", look);
  return () => {
    watcher.disconnect();
    removeEventListener("visibilitychange", look);
    stop?.();
  };
}
