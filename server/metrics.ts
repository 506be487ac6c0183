/** What a monitor may know of this process, by prom-client in the Prometheus text format. Loaded only where METRICS_TOKEN is set. */
import type { Services } from "./services.ts";

export interface Metrics {
  /** A request was answered: the pattern of its route, never the path, and how long it took. */
  answered(request: { route: string; method: string; status: number }, milliseconds: number): void;
  /** All figures as of now. */
  write(): Promise<{ type: string; text: string }>;
}

/** Upper bounds in seconds: from a prepared read to what a deadline cuts off. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export async function openMetrics({ store, prepared, live }: Pick<Services, "store" | "prepared" | "live">): Promise<Metrics> {
  const { collectDefaultMetrics, Gauge, Histogram, Registry } = await import("prom-client");
  const register = new Registry();
  collectDefaultMetrics({ register });
  const requests = new Histogram({
    name: "youfigure_request_seconds",
    help: "Requests answered, and how long each took.",
    labelNames: ["route", "method", "status"],
    buckets: SECONDS,
    registers: [register],
  });
  const letters = await lettersGauge(store);
  register.registerMetric(letters);
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `youfigure_${name}`,
      help,
      registers: [register],
      collect() {
        this.set(read());
      },
    });
  gauge("prepared_bytes", "Bytes of threads that are ready to be sent.", () => prepared.size().bytes);
  gauge("prepared_threads", "Threads that are ready to be sent.", () => prepared.size().entries);
  gauge("live_streams", "Streams of live updates that are open.", () => live.size().listeners);
  gauge("store_commits", "Transactions committed since the start.", () => store.stats().commits);
  gauge("store_writes", "Comments written in them.", () => store.stats().writes);
  return {
    answered: (labels, milliseconds) => requests.observe({ ...labels, status: String(labels.status) }, milliseconds / 1_000),
    write: async () => ({ type: register.contentType, text: await register.metrics() }),
  };
}

async function lettersGauge(store: Services["store"]) {
  const { Gauge } = await import("prom-client");
  return new Gauge({
    name: "youfigure_letters",
    help: "Letters in the outbox: those that wait, and those that were given up.",
    labelNames: ["state"],
    registers: [],
    async collect() {
      const { waiting, givenUp } = await store.letterCounts();
      this.set({ state: "waiting" }, waiting);
      this.set({ state: "given_up" }, givenUp);
    },
  });
}
