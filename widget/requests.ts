import { answerOf } from "./api.ts";
import type { ask } from "./ask.ts";
import { type Fields, fieldsOf } from "./shapes.ts";

/** Requests of one reader. Each answer's fields are still to be looked at. Rejects with Refused. */
export interface Requests {
  send: (method: string, path: string, json?: object, headers?: Record<string, string>) => Promise<Fields>;
  /** About a comment of the reader's own, with the token that proves it. */
  mine: (method: string, id: string, json?: object) => Promise<Fields>;
}

export interface RequestsNeeds {
  base: string;
  ask: typeof ask;
  site: number;
  tokenOf: (id: string) => string | undefined;
}

export function requestsOf({ base, ask: fetch, site, tokenOf }: RequestsNeeds): Requests {
  const send: Requests["send"] = async (method, path, json, headers) =>
    fieldsOf(
      await answerOf(
        fetch(`${base}/api/v1/${path}`, {
          method,
          credentials: "omit",
          headers: { "Content-Type": "application/json", ...headers },
          ...(json && { body: JSON.stringify(json) }),
        }),
      ),
    );
  return {
    send,
    mine: (method, id, json) => send(method, `sites/${site}/comments/${id}`, json, { Authorization: `Bearer ${tokenOf(id)}` }),
  };
}
