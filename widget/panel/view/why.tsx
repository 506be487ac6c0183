import type { VNode } from "preact";
import type { PanelRefusal } from "../api.ts";
import { whyOf } from "../state/notice.ts";
import { t } from "../state/words.ts";

/** Why the server said no; a sign-in that is too old has words of its own. */
export function Why({ refusal }: { refusal: PanelRefusal | null }): VNode | null {
  if (!refusal) return null;
  return (
    <p role="alert" class="problem">
      {refusal.code === "forbidden" ? t("notFresh") : t("failed", { why: whyOf(refusal) })}
    </p>
  );
}
