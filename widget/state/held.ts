import { answerOf, Refused } from "../api.ts";
import type { ask } from "../ask.ts";
import { toComment } from "../shapes.ts";
import type { OwnModel } from "./own.ts";
import type { ThreadModel } from "./thread.ts";

interface Asking {
  base: string;
  ask: typeof ask;
}

/** Own comments that wait for moderation are in no answer that is the same for all: each is asked for by its token. */
export async function fetchHeld({ base, ask }: Asking, thread: ThreadModel, own: OwnModel): Promise<void> {
  for (const [id, { token, until }] of own.holds.value) {
    if (thread.comments.value.has(id)) continue;
    try {
      const answer = await answerOf(
        ask(`${base}/api/v1/sites/${thread.site.id}/comments/${id}`, {
          credentials: "omit",
          headers: { Authorization: `Bearer ${token}` },
        }),
      );
      const comment = toComment((answer as { comment?: unknown } | null)?.comment);
      if (comment?.held) thread.put(comment);
      else if (until < Date.now()) own.forget(id);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.code !== "unreachable" && error.code !== "too_many" && error.code !== "busy") own.forget(id);
    }
  }
}
