/** The few plots that the README shows. */
import { type Bars, barsOf } from "./bars.ts";
import { type Figures, OURS } from "./measure.ts";

export interface Plot {
  file: string;
  title: string;
  svg: string;
}

export function plotsOf(figures: Figures): Plot[] {
  const { date, cores, processor, node } = figures.machine;
  const note = `${date}, ${cores} cores (${processor}), Node ${node}`;
  const found = {
    "reads.svg": reads(figures),
    "pages.svg": pages(figures),
    "writes.svg": writes(figures),
    "listeners.svg": listeners(figures),
  };
  return Object.entries(found).flatMap(([file, bars]) => (bars ? [{ file, title: bars.title, svg: barsOf({ ...bars, note }) }] : []));
}

type Drawn = Omit<Bars, "note"> | null;

const isOurs = (name: string) => name.startsWith(OURS.small);

function reads({ reads }: Figures): Drawn {
  if (!reads) return null;
  const group = (connections: number) => {
    const bars = reads
      .filter((row) => row.asked === "100" && row.connections === connections)
      .map(({ server, cpu, perSecond }) => ({ name: server, value: cpu ?? 1e6 / perSecond, own: isOurs(server) }));
    return { label: `${connections} ${connections === 1 ? "connection" : "connections"}`, bars };
  };
  return {
    title: "A prepared read of 100 comments beside controls that send the same bytes",
    unit: "microseconds of the server's processor a request: shorter is better",
    groups: [1, 16, 64, 256].map(group),
  };
}

function pages({ pageReads }: Figures): Drawn {
  if (!pageReads) return null;
  return {
    title: "The first answer of a page at random, where nothing is prepared",
    unit: "milliseconds at the store: shorter is better",
    groups: Object.entries(pageReads).map(([label, { p50, p99 }]) => ({
      label: `${label} stored`,
      bars: [
        { name: "p50", value: p50, own: true },
        { name: "p99", value: p99, own: true },
      ],
    })),
  };
}

function writes({ storeWrites, postgresWrites, writes }: Figures): Drawn {
  const sqlite = storeWrites && {
    label: "SQLite, at the store",
    bars: [
      { name: "better-sqlite3 alone, the same rows", value: storeWrites.alone.perSecond },
      ...storeWrites.rows.filter(({ claims }) => !claims).map(byWriters),
    ],
  };
  const postgres = postgresWrites && {
    label: "PostgreSQL, at the store",
    bars: [
      { name: "pg alone, the same rows", value: postgresWrites.alone[0].perSecond },
      ...postgresWrites.rows.filter(({ claims }) => !claims).map(byWriters),
    ],
  };
  const http = writes && {
    label: "SQLite, over HTTP with everything on",
    bars: [
      { name: "better-sqlite3 alone, the same rows", value: writes.alone },
      ...writes.rows
        .filter(({ server }) => server === OURS.small)
        .map(({ connections, perSecond }) => ({ name: `${connections} connections`, value: perSecond, own: true })),
    ],
  };
  const groups = [sqlite, postgres, http].filter((group) => group !== undefined);
  if (groups.length === 0) return null;
  return { title: "Durable comments a second", unit: "each answered only after its commit: longer is better", groups };
}

const byWriters = ({ writers, perSecond }: { writers: number; perSecond: number }) => ({
  name: `${writers} ${writers === 1 ? "writer" : "writers"}`,
  value: perSecond,
  own: true,
});

function listeners({ listeners }: Figures): Drawn {
  if (!listeners) return null;
  return {
    title: "A comment told to all who have its page open",
    unit: "milliseconds until the median and the last have it, megabytes of the server afterwards",
    groups: listeners.map(({ listeners: count, heard, memory }) => ({
      label: `${count.toLocaleString("en")} listeners`,
      bars: [
        { name: "median, ms", value: heard.p50, own: true },
        { name: "last, ms", value: heard.last, own: true },
        { name: "memory, MB", value: memory.after / 1e6 },
      ],
    })),
  };
}
