/** What a set of queries needs to know of its engine: how statements are written, ids kept and words found. */
import type { AliasedRawBuilder, ColumnDataType, CreateTableBuilder, Kysely, RawBuilder } from "kysely";
import type { CommentTable, DbId, ReadId, Tables } from "./queries/tables.ts";
import type { Statement, Steps } from "./steps.ts";
import type { Sort, Status } from "../wire/comment.ts";

type IdColumn = "id" | "parent_id" | "root_id" | "account_id";

export interface Dialect {
  /** Compiles only; the engine runs what it made. */
  db: Kysely<Tables>;
  id: {
    toDb(text: string): DbId;
    toText(id: DbId | ReadId): string;
    column: ColumnDataType | RawBuilder<unknown>;
    /** A column of ids for the list of what is selected, in the form that costs least to answer; only toText knows it. */
    read<Column extends IdColumn>(column: Column): AliasedRawBuilder<ReadId | Extract<Tables["comments"][Column], null>, Column>;
  };
  /** A column of bytes. */
  bytes: ColumnDataType;
  /** Ends a table that is kept in the order of its primary key, where the engine can. */
  keyed<Table extends string, Column extends string>(table: CreateTableBuilder<Table, Column>): CreateTableBuilder<Table, Column>;
  /** Makes a table whose rows may be lost when the machine fails, where that spares waiting for the disk. */
  fleeting<Table extends string, Column extends string>(table: CreateTableBuilder<Table, Column>): CreateTableBuilder<Table, Column>;
  search: Search;
}

export interface SearchQuery {
  text: string;
  /** Absent: held and approved. */
  status?: Status | undefined;
  site?: number | undefined;
  page?: number | undefined;
  sort: Sort;
  after?: string | undefined;
  limit: number;
}

/** Finds comments by words. What a comment says and what it is are read from its row. */
export interface Search {
  create: readonly Statement<unknown>[];
  /** As mark, for a comment that was written just now. */
  add(row: Pick<CommentTable, "site_id" | "page_id" | "id" | "status" | "source" | "name" | "email">): Steps<void>;
  /** Within the transaction that adds, changes or deletes a comment: notes that the index must look at it again. */
  mark(site: number, id: DbId): Steps<void>;
  /** Within a transaction that takes a person's words out of a comment that stays: the old ones are to be overwritten, too. */
  outdate(): Steps<void>;
  /** Looks at some of what was noted; true when there may be more. */
  catchUp(): Steps<boolean>;
  /** Whether something is noted. */
  isBehind(): Steps<boolean>;
  removeSite(site: number): Steps<void>;
  /** One step of overwriting the words of what was deleted for good; true when there are more. */
  forget(): Steps<boolean>;
  /** In the order of time. Words are taken literally, the last as a beginning. */
  find(query: SearchQuery): Steps<{ site: number; id: string }[]>;
}
