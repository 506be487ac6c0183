import { Worker } from "node:worker_threads";
import { Refusal } from "../refusal.ts";
import type { Log } from "../services.ts";
import type { Body } from "../wire/body.ts";
import { renderMarkdown, type RenderOptions } from "./markdown.ts";

/** Draws Markdown without ever holding up other people's requests for long. */
export interface Rendering {
  /** As renderMarkdown does. Refusals: `invalid` with body `too_complex` when it takes too long, `busy` when too many wait. */
  render(source: string, options: RenderOptions): Promise<Body>;
  close(): Promise<void>;
}

/**
 * Texts up to this length, in UTF-16 units, are drawn where they come in: nearly all are, in less time than it takes to
 * hand them to a thread and back. The worst that was found takes the square of its length: 380 ms at 10,000, 15 ms here.
 */
const SHORT = 2_000;
/** Milliseconds for one long text. Ten pages of prose take one; what nobody writes may take hundreds. */
const DEADLINE = 500;
/** Long texts that wait for the thread. */
const WAITING = 32;
/** Of the thread's own heap: what it draws is never a hundredth of it. */
const HEAP_MB = 128;

interface Job {
  source: string;
  options: RenderOptions;
  resolve(body: Body): void;
  reject(error: Refusal): void;
}

/** The thread starts with the first long text, and again after one that it had to be stopped at. */
export function rendering(log: Log, deadline = DEADLINE): Rendering {
  const waiting: Job[] = [];
  let thread: Worker | null = null;
  let ready = false;
  let current: Job | null = null;
  let timer: NodeJS.Timeout | undefined;

  const next = () => {
    if (!ready || current || waiting.length === 0) return;
    current = waiting.shift()!;
    thread!.postMessage([current.source, current.options], []);
    timer = setTimeout(() => stop(tooComplex()), deadline);
  };
  const settle = (): Job | null => {
    clearTimeout(timer);
    const job = current;
    current = null;
    return job;
  };
  /** Ends the thread in the midst of what it does; who waits behind goes on with a new one. */
  const stop = (why: Refusal) => {
    const stopped = thread;
    thread = null;
    ready = false;
    settle()?.reject(why);
    void stopped?.terminate();
    if (waiting.length > 0) start();
  };
  const start = () => {
    const begun = startThread();
    thread = begun;
    begun.on("message", (body: Body | "ready") => {
      if (begun !== thread) return;
      if (body === "ready") ready = true;
      else settle()?.resolve(body);
      next();
    });
    begun.on("error", (error) => {
      if (begun !== thread) return;
      log.error({ error: String(error) }, "rendering failed");
      // It never came up: those who wait would wait for ever.
      if (!ready) for (const job of waiting.splice(0)) job.reject(new Refusal("busy"));
      stop(tooComplex());
    });
  };

  return {
    async render(source, options) {
      if (source.length <= SHORT) return renderMarkdown(source, options);
      if (waiting.length >= WAITING) throw new Refusal("busy");
      return new Promise((resolve, reject) => {
        waiting.push({ source, options: { images: options.images }, resolve, reject });
        if (thread === null) start();
        next();
      });
    },
    async close() {
      for (const job of waiting.splice(0)) job.reject(new Refusal("busy"));
      settle()?.reject(new Refusal("busy"));
      await thread?.terminate();
      thread = null;
    },
  };
}

const tooComplex = () => new Refusal("invalid", { fields: { body: "too_complex" } });

/** Built, the thread's file lies beside the one that starts it. */
function startThread(): Worker {
  const file = import.meta.url.endsWith(".ts") ? "rendering-from-source.mjs" : "rendering-thread.js";
  const thread = new Worker(new URL(file, import.meta.url), { execArgv: [], resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
  thread.unref();
  return thread;
}
