import type { LogEntry } from "./records.ts";

/** A way in as a site keeps it. Every verb is atomic, as in store.ts. */
export interface WayRow {
  site: number;
  /** Of the whole server: a site's own begin with its number. */
  id: string;
  /** "" for what a site says of a way that the server offers to all: then only `on` and `place` mean something. */
  kind: string;
  label: string;
  issuer: string;
  client: string;
  /** Sealed by whoever keeps it; "" for none. */
  secret: string;
  on: boolean;
  place: number;
}
export type WayPatch = Partial<Pick<WayRow, "label" | "issuer" | "client" | "secret" | "on">>;

export interface WayStore {
  /** By place. */
  ways(site: number): Promise<WayRow[]>;
  /** False when there is one of this id. */
  addWay(way: WayRow, log: LogEntry): Promise<boolean>;
  /** False when it is not there. */
  changeWay(site: number, id: string, patch: WayPatch, log: LogEntry): Promise<boolean>;
  /** Each in its place in the list; of the server's ways those that nothing was said of are kept as given. */
  orderWays(site: number, order: readonly Pick<WayRow, "id" | "kind" | "on">[], log: LogEntry): Promise<void>;
  /** Who came in by it last is signed out. False when it is not there. */
  removeWay(site: number, id: string, log: LogEntry): Promise<boolean>;
}
