import type { VNode } from "preact";
import type { PanelRefusal } from "../api.ts";
import { t, type Word } from "../state/words.ts";
import { Why } from "./why.tsx";

/** How a form ends: why the server said no, and the button that sends it. */
export function Submit({ refusal, word = "save" }: { refusal: PanelRefusal | null; word?: Word }): VNode {
  return (
    <>
      <Why refusal={refusal} />
      <p class="buttons">
        <button type="submit" class="main">
          {t(word)}
        </button>
      </p>
    </>
  );
}
