import type { Engine } from "./over.ts";
import type { Context } from "./queries/context.ts";

/** Milliseconds for which writes are gathered before the search index looks at them. */
const GATHER = 1_000;

export interface CatchUp {
  /** Resolves when the index knows all that was written before. */
  now(): Promise<void>;
  stop(): void;
}

/** Keeps the search index close behind the writes, and level with them before a search. */
export function searchCatchUp({ dialect: { search } }: Context, engine: Engine): CatchUp {
  let timer: NodeJS.Timeout | undefined;
  const now = async () => {
    if (!(await engine.read(() => search.isBehind()))) return;
    while (await engine.write(() => search.catchUp()));
  };
  const soon = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      // What stands against it now meets the next search, whose asker is told.
      now().catch(soon);
    }, GATHER).unref();
  };
  const deaf = engine.listen(soon);
  soon();
  return {
    now,
    stop() {
      deaf();
      clearTimeout(timer);
    },
  };
}
