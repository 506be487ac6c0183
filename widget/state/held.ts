import { Refused } from "../api.ts";
import type { Requests } from "../requests.ts";
import { toComment } from "../shapes.ts";
import type { OwnModel } from "./own.ts";
import type { ThreadModel } from "./thread.ts";

/** Own comments that wait for moderation are in no answer that is the same for all: each is asked for by its token. */
export async function fetchHeld({ mine }: Requests, thread: ThreadModel, own: OwnModel): Promise<void> {
  for (const [id, { until }] of own.holds) {
    if (thread.comments.has(id)) continue;
    try {
      const comment = toComment((await mine("GET", id))["comment"]);
      if (comment?.held) thread.put(comment);
      else if (until < Date.now()) own.forget(id);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (!/^(?:unreachable|too_many|busy)$/.test(error.code)) own.forget(id);
    }
  }
}
