/** The load, in a process of its own: started by startLoad() of processes.ts. Jobs come one after the other. */
import { randomBytes, randomUUID } from "node:crypto";
import autocannon from "autocannon";
import { issueFormToken } from "../../server/comments/tokens.ts";
import { deriveKeys } from "../../server/keys.ts";
import { ORIGIN, randomFrom, SITE, textOf } from "./fill.ts";

export type Job =
  /** With `etag`, as one that has read it before: the answer must be 304. */
  | { kind: "read"; url: string; connections: number; seconds: number; etag?: string }
  | { kind: "write"; url: string; connections: number; amount: number; secret: string };

export interface Measured {
  requests: number;
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

process.once("disconnect", () => process.exit());
process.on("message", (job: Job) => {
  run(job).then(
    (measured) => process.send!(measured),
    (error: unknown) => process.send!({ error: String(error) }),
  );
});

async function run(job: Job): Promise<Measured> {
  const times: number[] = [];
  const options = job.kind === "read" ? reading(job) : writing(job);
  const began = performance.now();
  let last = began;
  let unlike = 0;
  const expected = job.kind === "write" ? 201 : job.etag === undefined ? 200 : 304;
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const instance = autocannon(options, (error: Error | null, result) => (error ? reject(error) : resolve(result)));
    instance.on("response", (_client, status, _bytes, time) => {
      if (status !== expected) unlike++;
      times.push(time);
      last = performance.now();
    });
  });
  const failed = result.errors + result.timeouts + unlike;
  if (failed > 0 || times.length === 0)
    throw new Error(`${failed} of ${times.length} requests failed: ${JSON.stringify(result.statusCodeStats)}`);
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))]!;
  return { requests: times.length, perSecond: times.length / ((last - began) / 1_000), p50: at(0.5), p99: at(0.99) };
}

/** As a browser asks from the blog's page. */
const reading = ({ url, connections, seconds, etag }: Job & { kind: "read" }): autocannon.Options => ({
  url,
  connections,
  duration: seconds,
  headers: {
    origin: ORIGIN,
    accept: "*/*",
    "accept-encoding": "gzip, deflate, br",
    "accept-language": "en",
    "user-agent": "Mozilla/5.0 (bench)",
    ...(etag === undefined ? {} : { "if-none-match": etag }),
  },
});

function writing({ url, connections, amount, secret }: Job & { kind: "write" }): autocannon.Options {
  const signing = { keys: deriveKeys(secret), now: Date.now, randomBytes };
  const random = randomFrom(Date.now());
  const bodies = Array.from({ length: amount }, (_, n) => bodyOf(n, random, issueFormToken(signing, SITE)));
  const request: autocannon.Request = {
    method: "POST",
    setupRequest(request) {
      const body = bodies.pop() ?? bodyOf(0, random, issueFormToken(signing, SITE));
      return { ...request, body, headers: { ...request.headers, "idempotency-key": randomUUID() } };
    },
  };
  return {
    url: `${url}/api/v1/comments`,
    connections,
    amount,
    requests: [request],
    headers: { origin: ORIGIN, "content-type": "application/json" },
  };
}

/** One of a hundred pages; no text is like another. */
const bodyOf = (n: number, random: () => number, token: string): string =>
  JSON.stringify({
    url: `${ORIGIN}/written-${n % 100}`,
    parent: null,
    body: textOf(random),
    name: `Reader ${n}`,
    email: `reader${n}@mail.example`,
    website: "",
    title: "A post that people answer",
    token,
  });
