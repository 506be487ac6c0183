/**
 * A deed on the store is a generator that yields statements and is handed their rows: an engine whose driver is
 * synchronous runs it within one turn of the event loop, one whose driver is not awaits each statement. So every query
 * is written once, and a transaction cannot be left open by a forgotten await.
 */
import type { CompiledQuery, Kysely } from "kysely";
import type { Tables } from "./queries/tables.ts";

export interface Result {
  rows: readonly unknown[];
  changes: number;
}
/** `Row` is what it answers; nothing at run time carries it. */
export interface Statement<Row> {
  sql: string;
  parameters: readonly unknown[];
  row?: Row;
  /** See run. */
  blind?: true;
  /** See likely. */
  likely?: true;
  /** What a template was filled with. */
  values?: object;
}
export type Steps<T> = Generator<Statement<unknown>, T, Result>;

export function* all<Row>(statement: Statement<Row>): Steps<Row[]> {
  return (yield statement).rows as Row[];
}

export function* first<Row>(statement: Statement<Row>): Steps<Row | undefined> {
  return (yield statement).rows[0] as Row | undefined;
}

/** Nothing of its answer is needed: an engine that waits for answers may go on, as long as it learns in time that it failed. */
export function* run(statement: Statement<unknown>): Steps<void> {
  yield { ...statement, blind: true };
}

/** Returns how many rows it changed. */
export function* change(statement: Statement<unknown>): Steps<number> {
  return (yield statement).changes;
}

/** Whether it changed one row, which is nearly always so: an engine may go on as if, when it begins again where it was not. */
export function* likely(statement: Statement<unknown>): Steps<boolean> {
  return (yield { ...statement, likely: true }).changes === 1;
}

/** Stands for a value while a template is compiled. */
class Slot {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

const slots = new Proxy({}, { get: (_, name) => new Slot(String(name)) });

/** A query builder of Kysely, or a piece of raw SQL. */
interface Written<Row> {
  compile(db: Kysely<Tables>): CompiledQuery<Row>;
}

/** Compiles a query at its first use and only fills in its values after that: compiling costs more than most of our queries. */
export function template<Values extends object, Row>(
  db: Kysely<Tables>,
  build: (db: Kysely<Tables>, values: Values) => Written<Row>,
): (values: Values) => Statement<Row> {
  let sql = "";
  let parts: readonly unknown[] = [];
  let names: readonly (string | null)[] = [];
  return (values) => {
    if (sql === "") {
      ({ sql, parameters: parts } = build(db, slots as Values).compile(db));
      names = parts.map((part) => (part instanceof Slot ? part.name : null));
    }
    const parameters = parts.slice();
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!;
      if (name !== null) parameters[i] = (values as Record<string, unknown>)[name];
    }
    return { sql, parameters, values };
  };
}

/** For queries whose shape depends on what is asked. */
export function once<Row>(query: { compile(): CompiledQuery<Row> }): Statement<Row> {
  return query.compile();
}
