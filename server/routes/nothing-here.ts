import type { Hono, NotFoundHandler } from "hono";
import { Refusal } from "../refusal.ts";
import { answerError } from "./frame.ts";
import type { Env } from "./request.ts";
import type { Services } from "../services.ts";

/** Answers what no route does: 405 with Allow where the path is one of ours (RFC 9110 15.5.6), else 404. */
export function nothingHere(services: Pick<Services, "log">, { routes }: Hono<Env>): NotFoundHandler<Env> {
  const answer = answerError(services);
  let known: { path: RegExp; method: string }[] | null = null;
  return async (c) => {
    known ??= routes.filter(({ path }) => !path.endsWith("*")).map(({ path, method }) => ({ path: patternOf(path), method }));
    const methods = new Set(known.filter(({ path }) => path.test(c.req.path)).map(({ method }) => method));
    if (methods.has("GET")) methods.add("HEAD");
    if (methods.size === 0) return answer(new Refusal("not_found"), c);
    c.header("allow", [...methods].sort().join(", "));
    return answer(new Refusal("method_not_allowed"), c);
  };
}

const patternOf = (path: string) => new RegExp(`^${path.replace(/[.]/g, "\\.").replace(/:\w+/g, "[^/]+")}$`);
