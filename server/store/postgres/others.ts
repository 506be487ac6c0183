/**
 * What the servers on one database tell each other: which pages changed. Each change is announced in its transaction
 * (NOTIFY) and heard on a connection kept for that alone (LISTEN). Whoever was deaf for a moment takes it that
 * everything has changed.
 */
import { randomBytes } from "node:crypto";
import pg from "pg";
import type { StoreChange } from "../records.ts";
import { connectionTo } from "./pool.ts";

export const CHANNEL = "youfigure";
/** PostgreSQL's limit is 8,000 bytes. */
const LONGEST = 7_500;
/** Milliseconds between two tries to listen again, doubled up to the second. */
const AGAIN = 100;
const AGAIN_AT_MOST = 2_000;
/** Milliseconds between two looks whether the connection still lives, and the time it has to answer. */
const LOOK_MS = 15_000;
const ANSWER_MS = 5_000;

export interface Others {
  announce(changes: readonly StoreChange[]): string;
  close(): Promise<void>;
}

/** Resolves when it listens. */
export async function hearOthers(url: string, heard: (change: StoreChange) => void): Promise<Others> {
  const self = randomBytes(6).toString("hex");
  const take = ({ payload = "" }: pg.Notification) => {
    const [from, said = ""] = splitOnce(payload);
    if (from !== self) for (const change of readChanges(said)) heard(change);
  };
  let ear = await listen(url, take);
  let closed = false;
  let timer: NodeJS.Timeout;

  const watch = () => {
    ear.client.once("end", () => !closed && again(AGAIN));
    const look = () => {
      timer = setTimeout(() => {
        ear.answers().then(look, () => undefined);
      }, LOOK_MS).unref();
    };
    look();
  };
  const again = (wait: number) => {
    clearTimeout(timer);
    timer = setTimeout(
      async () => {
        try {
          ear = await listen(url, take);
        } catch {
          // Still out of reach: the database's own log says why, and reads and writes say so to those who wait.
          if (!closed) again(Math.min(2 * wait, AGAIN_AT_MOST));
          return;
        }
        if (closed) return void ear.stop();
        watch();
        heard("all");
      },
      wait * (0.5 + Math.random()),
    ).unref();
  };
  watch();
  return {
    announce: (changes) => (changes.length === 0 ? "" : `notify ${CHANNEL}, ${pg.escapeLiteral(`${self} ${writeChanges(changes)}`)}; `),
    async close() {
      closed = true;
      clearTimeout(timer);
      await ear.stop();
    },
  };
}

interface Ear {
  client: pg.Client;
  /** Rejects, and the connection ends, when it does not answer in time. */
  answers(): Promise<void>;
  stop(): Promise<void>;
}

async function listen(url: string, take: (message: pg.Notification) => void): Promise<Ear> {
  const client = new pg.Client({ ...connectionTo(url), connectionTimeoutMillis: ANSWER_MS, query_timeout: ANSWER_MS });
  // It is followed by "end".
  client.on("error", () => undefined);
  client.on("notification", take);
  const stop = () => client.end();
  try {
    await client.connect();
    await client.query(`listen ${CHANNEL}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    client,
    async answers() {
      try {
        await client.query("select 1");
      } catch (error) {
        await stop();
        throw error;
      }
    },
    stop,
  };
}

function splitOnce(text: string): [string, string?] {
  const space = text.indexOf(" ");
  return space < 0 ? [text] : [text.slice(0, space), text.slice(space + 1)];
}

/** “all”, or the pages as a list of site and key. */
function writeChanges(changes: readonly StoreChange[]): string {
  if (changes.includes("all")) return "all";
  const pages = changes.map((change) => (change === "all" ? [] : [change.site, change.key]));
  const text = JSON.stringify(pages);
  return Buffer.byteLength(text) > LONGEST ? "all" : text;
}

/** What cannot be understood, such as the words of a newer version, may mean anything. */
function readChanges(said: string): StoreChange[] {
  if (!said.startsWith("[")) return ["all"];
  return (JSON.parse(said) as [number, string][]).map(([site, key]) => ({ site, key }));
}
