/** Small integers for closed lists. They stand in databases: append, never change. */
import type { Status } from "../../wire/comment.ts";
import type { BodyFormat, Claim } from "../records.ts";

const STATUS_CODES = { held: 0, approved: 1, spam: 2, trash: 3, removed: 4 } as const satisfies Record<Status, number>;
const FORMAT_CODES = { markdown: 0, html: 1 } as const satisfies Record<BodyFormat, number>;
const CLAIM_CODES = { idempotency: 0, token: 1, duplicate: 2 } as const satisfies Record<Claim["kind"], number>;

const STATUS_NAMES = Object.keys(STATUS_CODES) as Status[];
const FORMAT_NAMES = Object.keys(FORMAT_CODES) as BodyFormat[];

export const APPROVED = STATUS_CODES.approved;
export const TRASH = STATUS_CODES.trash;
export const statusCode = (status: Status): number => STATUS_CODES[status];
export const statusName = (code: number): Status => STATUS_NAMES[code]!;
export const formatCode = (format: BodyFormat): number => FORMAT_CODES[format];
export const formatName = (code: number): BodyFormat => FORMAT_NAMES[code]!;
export const claimCode = (kind: Claim["kind"]): number => CLAIM_CODES[kind];
