/** Milliseconds at least before a refused stream is asked for again. */
const AGAIN = 5_000;

/** Calls back when comments changed, and once at first, while the panel is in sight. Returns how to stop. */
export function followQueue(changed: () => void): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const close = () => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };
  const open = () => {
    close();
    if (document.visibilityState === "hidden") return;
    source = new EventSource("/api/v1/panel/live");
    source.addEventListener("message", changed);
    source.addEventListener("error", () => {
      // Cut off, the browser tries again by itself; refused, it does not. Asking for the queue tells whether the session is over.
      if (source?.readyState !== EventSource.CLOSED) return;
      changed();
      timer = setTimeout(open, AGAIN * (1 + Math.random()));
    });
  };
  document.addEventListener("visibilitychange", open);
  open();
  return () => {
    document.removeEventListener("visibilitychange", open);
    close();
  };
}
