/** What an error of PostgreSQL means for the deed that met it (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
import pg from "pg";
import { Refusal } from "../../refusal.ts";

/**
 * `again`: the server gave the transaction up for another's sake, nothing of it is kept. `lost`: the connection is of no
 * use any more. `busy`: it may pass, but not by trying at once. `wrong`: a bug, or what the caller has to answer for.
 */
export type Meaning = "again" | "lost" | "busy" | "wrong";

/** Serialization failure, deadlock, and a lock that was not had while the first of those who wanted it could wait. */
const AGAIN = /^(?:40001|40P01|55P03)$/;
/**
 * The server stops or starts, or has no connection left; a standby that was taken for the primary; a statement that the
 * driver believes prepared though its transaction failed before.
 */
const LOST = /^(?:08|57P0|53300|25006|26000|42P05)/;
/** Out of disk, memory or room for what is announced; an answer that took too long; trouble outside PostgreSQL. */
const BUSY = /^(?:53|54000|57014|58)/;
/** A plan that another version's migration has overtaken: a new connection makes a new one. */
const OVERTAKEN = /cached plan must not change/;

export function meaningOf(error: unknown): Meaning {
  // What the driver itself throws is about the connection: there is none, it broke, or it does not answer.
  if (!(error instanceof pg.DatabaseError)) return "lost";
  const { code = "", message } = error;
  if (AGAIN.test(code)) return "again";
  if (LOST.test(code) || OVERTAKEN.test(message)) return "lost";
  return BUSY.test(code) ? "busy" : "wrong";
}

/** An error that came from the database, as distinct from one that the deed itself throws. */
export class Trouble extends Error {
  readonly meaning: Meaning;
  override readonly cause: unknown;

  constructor(cause: unknown) {
    super(String(cause));
    this.cause = cause;
    this.meaning = meaningOf(cause);
  }
}

/** Whether it may work when it is tried again. */
export const passes = (error: unknown): boolean => error instanceof Trouble && (error.meaning === "again" || error.meaning === "lost");

/** What a caller is told: come again, or what it is. */
export function asRefusal(error: unknown): unknown {
  if (!(error instanceof Trouble)) return error;
  return error.meaning === "wrong" ? error.cause : Object.assign(new Refusal("busy", { retryAfter: 5 }), { cause: error.cause });
}
