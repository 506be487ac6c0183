import type { VNode } from "preact";
import { helpOpen } from "../state/keys.ts";
import { t, type Word } from "../state/words.ts";
import { Dialog } from "./dialog.tsx";

const KEYS: readonly [string, Word][] = [
  ["j", "key_j"],
  ["k", "key_k"],
  ["x", "key_x"],
  ["a", "key_a"],
  ["u", "key_u"],
  ["r", "key_r"],
  ["e", "key_e"],
  ["s", "key_s"],
  ["d", "key_d"],
  ["z", "key_z"],
  ["i", "key_i"],
  ["/", "key_slash"],
  ["Ctrl Enter", "key_send"],
  ["Esc", "key_escape"],
  ["?", "key_help"],
];

/** Every key, on one screen. */
export function Help(): VNode {
  const close = () => void (helpOpen.value = false);
  return (
    <Dialog title={t("help")} onClose={close}>
      <dl class="key-list">
        {KEYS.map(([key, word]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(word)}</dd>
          </div>
        ))}
      </dl>
      <p>{t("key_shift")}</p>
      <p class="buttons">
        <button type="button" onClick={close}>
          {t("close")}
        </button>
      </p>
    </Dialog>
  );
}
