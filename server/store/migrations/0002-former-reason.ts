import type { Dialect } from "../dialect.ts";
import type { Statement } from "../steps.ts";

/** Why a comment was held before it went to spam or trash. */
export const keepFormerReason = ({ db }: Dialect): Statement<unknown>[] => [
  db.schema.alterTable("comments").addColumn("former_reason", "text").compile(),
];
