/** What a server at rest costs: memory, its start, its file. */
import { type Size, SIZES } from "./databases.ts";
import { sizeOf } from "./fill.ts";
import { serveBuilt } from "./processes.ts";
import { median } from "./statistics.ts";

export interface RestRow {
  stored: number;
  /** Milliseconds from the start of the process until /readyz answers. */
  start: number;
  /** Bytes of resident memory then. */
  memory: number | null;
  bytesPerComment: number;
}

/** The two pages that every database has. */
const ALWAYS = 1_100;

export async function measureRest(databases: Record<Size, string>, rounds: number): Promise<RestRow[]> {
  const rows: RestRow[] = [];
  for (const [size, path] of Object.entries(databases) as [Size, string][]) {
    const starts: number[] = [];
    const memory: (number | null)[] = [];
    for (let round = 0; round < rounds; round++) {
      const served = await serveBuilt(path);
      starts.push(served.startedIn);
      memory.push(served.rss());
      await served.end();
    }
    const stored = SIZES[size] + ALWAYS;
    const known = memory.filter((bytes) => bytes !== null);
    rows.push({ stored, start: median(starts), memory: known.length > 0 ? median(known) : null, bytesPerComment: sizeOf(path) / stored });
  }
  return rows;
}
