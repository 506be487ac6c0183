import type { Dialect } from "../dialect.ts";
import type { StoreChange } from "../records.ts";
import { changeStatements } from "./changes.ts";
import { claimStatements } from "./claims.ts";
import { commentStatements } from "./comments.ts";
import { crowdStatements } from "./crowds.ts";
import { logStatements } from "./log.ts";
import { ownThingsStatements } from "./own-things.ts";
import { pageStatements } from "./pages.ts";
import { queueStatements } from "./queue.ts";
import { readerStatements } from "./readers.ts";
import { threadStatements } from "./threads.ts";
import { turnStatements } from "./turns.ts";
import { writerStatements } from "./writers.ts";

/** What every deed is handed: the engine's dialect, the statements compiled for it, and the time. */
export interface Context {
  dialect: Dialect;
  q: Statements;
  now: () => number;
}
export type Statements = ReturnType<typeof statementsFor>;

export function statementsFor(dialect: Dialect) {
  const { db } = dialect;
  return {
    ...pageStatements(db),
    ...commentStatements(db),
    ...crowdStatements(db),
    ...writerStatements(db),
    ...changeStatements(db),
    ...claimStatements(db),
    ...logStatements(db),
    ...threadStatements(dialect),
    ...queueStatements(db),
    ...turnStatements(db),
    ...ownThingsStatements(db),
    ...readerStatements(db),
  };
}

/** What a deed leaves to be done around it. */
export interface Act {
  /** Tells who listens, after the commit, what readers will see differently. */
  changed(change: StoreChange): void;
}
