/**
 * The seam to other systems' exports. An importer reads one format as a stream, in whatever order it has, and decides
 * nothing: what a page is here, which comments are wanted and what is safe is for load.ts. It throws an ImportError
 * where the file can't be read on.
 */
import type { BodyFormat } from "../store/records.ts";
import type { Status } from "../wire/comment.ts";

export type Importer = (input: AsyncIterable<string>) => AsyncIterable<ForeignComment>;

export interface ForeignComment {
  /** Unique on its page. */
  id: string;
  /** Id on the same page, or null. */
  parent: string | null;
  /** `comment` for what a person wrote here; else the system's own name, such as `pingback`. */
  kind: string;
  status: Exclude<Status, "removed">;
  page: { link: string; title: string };
  /** As the system has them, unchecked; "" where there is none. */
  name: string;
  email: string;
  website: string;
  source: string;
  format: BodyFormat;
  /** Milliseconds since 1970 UTC; 0 where the export does not say. */
  at: number;
}

/** The file is not what it should be; the message says where and is meant for the person who runs the import. */
export class ImportError extends Error {
  override readonly name = "ImportError";
  readonly code = "import_unreadable";
}
