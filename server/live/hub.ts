/**
 * The seam to whoever carries changes to those who have a page open: every listener is sent every version of what it
 * follows, in order. A change is only a hint; what is sent is read from the store, once for all who listen.
 */
import type { StoreChange } from "../store/records.ts";

export interface Frame {
  version: number;
  /** Encoded for all; null when nothing is to be told since the version asked for. */
  bytes: Buffer | null;
}

/** Something to follow: a page, or the moderators' queue. */
export interface Channel {
  /** The same for all who follow the same. */
  id: string;
  /** Milliseconds between two events at least. */
  pace: number;
  /** What is to be told since a version; null when there is nothing to follow any more. */
  read(after: number): Promise<Frame | null>;
}

export interface Listener {
  /** The version that it has. */
  cursor: number;
  /** Milliseconds since 1970 after which it has to come again. */
  until: number;
  send(bytes: Buffer): void;
  end(lastWords: Buffer): void;
}

export interface Hub {
  /** Sends what the listener lacks, and from then on all that follows; resolves to how to leave. Refusals `not_found`, `busy`. */
  join(channel: Channel, listener: Listener): Promise<() => void>;
  changed(change: StoreChange): void;
  size(): { channels: number; listeners: number };
  /** Ends every stream, telling each when to come again, and takes no more. */
  stop(): void;
}

export const pageChannel = (site: number, key: string) => `${site} ${key}`;
/** Hears of every change. */
export const PANEL_CHANNEL = "panel";
