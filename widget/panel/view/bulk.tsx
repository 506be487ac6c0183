import type { VNode } from "preact";
import { filter, items, tickAll, ticked, tickedItems } from "../state/queue.ts";
import { t } from "../state/words.ts";
import { ACTIONS, ActionButton } from "./actions.tsx";

/** What can be done with all that are selected. */
export function BulkBar(): VNode | null {
  if (items.value.length === 0) return null;
  const chosen = tickedItems.value;
  const all = chosen.length === items.value.length;
  const { view } = filter.value;
  const actions = ACTIONS[view];
  return (
    <div class={`bulk${ticked.value.size > 0 ? " is-on" : ""}`} role="group" aria-label={t("ticked", { n: chosen.length })}>
      <label class="tick">
        <input
          type="checkbox"
          checked={all}
          ref={(box) => {
            if (box) box.indeterminate = chosen.length > 0 && !all;
          }}
          aria-label={t("tickAll")}
          title={t("withKey", { action: t("tickAll"), key: "Shift X" })}
          onChange={() => tickAll(!all)}
        />
      </label>
      {chosen.length === 0 ? (
        <span class="quiet">{t("tickAll")}</span>
      ) : (
        <>
          <span>{t("ticked", { n: chosen.length })}</span>
          {actions
            .filter((action) => !action.one)
            .map((action) => (
              <ActionButton key={action.word} action={action} chosen={chosen} shift />
            ))}
          <button type="button" class="act quiet" onClick={() => tickAll(false)}>
            {t("untick")}
          </button>
        </>
      )}
    </div>
  );
}
