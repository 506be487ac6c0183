import type { VNode } from "preact";
import { notice } from "../state/notice.ts";
import { t } from "../state/words.ts";

/** What was done last, and how to take it back. */
export function NoticeBar(): VNode {
  const now = notice.value;
  return (
    <div class="notices">
      <div role="status">
        {now && !now.error && (
          <div class="notice" key={now.text}>
            <span>{now.text}</span>
            {now.undo && (
              <button type="button" title={t("withKey", { action: t("undo"), key: "z" })} onClick={now.undo}>
                {t("undo")}
              </button>
            )}
            <Dismiss />
          </div>
        )}
      </div>
      <div role="alert">
        {now?.error && (
          <div class="notice error">
            <span>{now.text}</span>
            <Dismiss />
          </div>
        )}
      </div>
    </div>
  );
}

const Dismiss = () => (
  <button type="button" class="quiet" aria-label={t("close")} onClick={() => void (notice.value = null)}>
    ×
  </button>
);
