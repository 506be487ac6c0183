import type { Encoding, PreparedThread } from "../comments/prepared.ts";
import type { Config } from "../config.ts";
import { EXPOSED, matches, securityHeaders } from "./headers.ts";

export interface PreparedAnswer {
  status: 200 | 304;
  /** Names and values in turn, as node:http takes them, all but the request's id. */
  headers: readonly string[];
  body: Buffer | null;
}

export interface Asking {
  acceptEncoding: string | undefined;
  /** Already admitted. */
  origin: string | undefined;
  ifNoneMatch: string | undefined;
}

/** So many origins' headers are kept with an answer; a server with more sites than this still answers, only slower. */
const ORIGINS_KEPT = 8;

/** Makes the answer to a thread's reader: the one place for the Hono route and for the listener in front of it. */
export function preparedAnswers(config: Pick<Config, "publicUrl">) {
  const security = Object.entries(securityHeaders(config)).flat();
  const built = new WeakMap<PreparedThread, Map<string, PreparedAnswer>>();
  return (thread: PreparedThread, asking: Asking): PreparedAnswer => {
    const encoding = bestEncoding(asking.acceptEncoding);
    const fresh = matches(asking.ifNoneMatch, thread.etag);
    const id = `${fresh ? "304" : encoding} ${asking.origin ?? ""}`;
    let answers = built.get(thread);
    if (!answers) built.set(thread, (answers = new Map()));
    let answer = answers.get(id);
    if (!answer) {
      if (answers.size >= ORIGINS_KEPT * 4) answers.clear();
      answers.set(id, (answer = build({ thread, encoding, fresh, origin: asking.origin, security })));
    }
    return answer;
  };
}

function build(given: {
  thread: PreparedThread;
  encoding: Encoding;
  fresh: boolean;
  origin: string | undefined;
  security: string[];
}): PreparedAnswer {
  const { thread, encoding, fresh, origin, security } = given;
  const body = thread.bodies[encoding];
  const shared = [
    ...security,
    "etag",
    thread.etag,
    // A reader may keep it but asks each time; the answer is then 304 and empty.
    "cache-control",
    "no-cache",
    "vary",
    "Origin, Accept-Encoding",
    ...(origin === undefined ? [] : ["access-control-allow-origin", origin, "access-control-expose-headers", EXPOSED]),
  ];
  if (fresh) return { status: 304, headers: shared, body: null };
  const coding = encoding === "identity" ? [] : ["content-encoding", encoding];
  return {
    status: 200,
    headers: ["content-type", "application/json; charset=utf-8", "content-length", String(body.length), ...coding, ...shared],
    body,
  };
}

const known = new Map<string, Encoding>();

/** RFC 9110 12.5.3, for the three codings we have; br wins over gzip where both are welcome. */
export function bestEncoding(accept: string | undefined): Encoding {
  if (accept === undefined) return "identity";
  let best = known.get(accept);
  if (best === undefined) {
    best = negotiate(accept);
    if (known.size > 1_000) known.clear();
    known.set(accept, best);
  }
  return best;
}

function negotiate(accept: string): Encoding {
  const weights = new Map<string, number>();
  for (const part of accept.toLowerCase().split(",")) {
    const [name = "", ...parameters] = part.split(";").map((piece) => piece.trim());
    const q = parameters.find((parameter) => parameter.startsWith("q="));
    weights.set(name, q === undefined ? 1 : Number(q.slice(2)) || 0);
  }
  const welcome = (name: string) => (weights.get(name) ?? weights.get("*") ?? 0) > 0;
  return welcome("br") ? "br" : welcome("gzip") ? "gzip" : "identity";
}
