import type { Engine } from "./over.ts";
import type { Context } from "./queries/context.ts";

/** Milliseconds without a write after which the search index looks at those before. */
const LULL = 1_000;
/** Or so many writes: the next search would have to wait for longer than a person notices. */
const BACKLOG = 4_000;

export interface CatchUp {
  /** Resolves when the index knows all that was written before. */
  now(): Promise<void>;
  /** Resolves when nothing in the index tells of what was deleted for good before. */
  forget(): Promise<void>;
  stop(): void;
}

/** Lets the search index catch up with the writes when they pause, and before a search in any case. */
export function searchCatchUp({ dialect: { search } }: Context, engine: Engine): CatchUp {
  let timer: NodeJS.Timeout | undefined;
  const now = async () => {
    if (!(await engine.look(() => search.isBehind()))) return;
    while (await engine.write(() => search.catchUp()));
  };
  const stopping = new AbortController();
  const forget = async () => {
    await now();
    while (!stopping.signal.aborted && (await engine.write(() => search.forget())));
  };
  let written = 0;
  const begin = () => {
    clearTimeout(timer);
    timer = undefined;
    written = 0;
    // What stands against it now meets the next search, whose asker is told.
    now().catch(soon);
  };
  const soon = () => {
    if (++written >= BACKLOG) begin();
    else if (timer === undefined) timer = setTimeout(begin, LULL).unref();
    else timer.refresh();
  };
  const deaf = engine.listen(soon);
  soon();
  return {
    now,
    forget,
    stop() {
      stopping.abort();
      deaf();
      clearTimeout(timer);
    },
  };
}
