/** The part of an event that says whether it is next. */
interface Step {
  since: number;
  page: { version: number };
  reload?: true;
}

export interface Following<Event> {
  /** Where the comments stand. */
  host: Element;
  /** Address of the stream, but for its `after`. */
  address: string;
  /** The version of the page that is at hand. */
  version: number;
  /** Takes each version once, in order. */
  hear: (event: Event) => unknown;
  report: (error: unknown) => void;
}

/** Milliseconds before the first try again; twice as long each time, a minute at most, and by chance half as long or half as long again. */
const WAIT = 2_000;
const LONGEST = 60_000;

/**
 * Follows a page's stream while its place is seen, until stopped. Of the tabs that show the same page one holds the
 * stream, and tells the others: HTTP/1.1 has six connections a host for them all. One that comes later, or missed
 * something, says which version it has, and the stream goes on from there; what a tab has already it drops.
 */
export function follow<Event extends Step>({ host, address, version, hear, report }: Following<Event>): () => void {
  let isSeen: boolean | undefined;
  let stop: (() => void) | undefined;

  const listen = () => {
    const others = new BroadcastChannel(address);
    // The rule takes it for a window.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    const tell = (data: string | number) => others.postMessage(data);
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout>;
    let wait = WAIT;
    let isOver = false;
    let release = () => {};

    const open = (after = version) => {
      clearTimeout(timer);
      source?.close();
      source = new EventSource(`${address}&after=${after}`);
      source.addEventListener("open", () => (wait = WAIT));
      source.addEventListener("message", ({ data }) => {
        tell(data);
        take(data);
      });
      // The browser would try again by itself, but each time after the same while, and not after a refusal.
      source.addEventListener("error", () => {
        source!.close();
        timer = setTimeout(open, wait * (0.5 + Math.random()));
        wait = Math.min(2 * wait, LONGEST);
      });
    };
    /** An event, or the version that another tab has. */
    const take = (data: string | number) => {
      try {
        if (typeof data === "number") return void (source && data < version && open(data));
        const event = JSON.parse(data) as Event;
        if (event.since > version) return source ? open() : tell(version);
        if (!event.reload && event.page.version <= version) return;
        version = event.page.version;
        hear(event);
      } catch (error) {
        report(error);
      }
    };

    others.addEventListener("message", ({ data }) => take(data));
    const lead = () =>
      isOver ||
      new Promise<void>((resolve) => {
        release = resolve;
        open();
      });
    // A page that is not served securely has no locks: each of its tabs has a stream.
    if (navigator.locks) void navigator.locks.request(address, lead);
    else open();
    tell(version);
    return () => {
      isOver = true;
      release();
      clearTimeout(timer);
      source?.close();
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
