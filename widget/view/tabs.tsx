import type { VNode } from "preact";
import type { box as english } from "#locale/en/box";
import { Body } from "./body.tsx";
import type { Say } from "./reading.ts";

export interface TabsProps {
  say: Say<typeof english>;
  /** Body tree, null while it is prepared; undefined while the text itself shows. */
  preview: readonly unknown[] | null | undefined;
  show: (preview: boolean) => void;
}

/** The preview, the two tabs of the box, and a short list of what Markdown can do. */
export function Tabs({ say, preview, show }: TabsProps): VNode {
  const shown = preview !== undefined;
  const tab = (text: "writeTab" | "previewTab", selected: boolean, toPreview: boolean) => (
    <button
      type="button"
      role="tab"
      aria-selected={selected}
      aria-controls={selected ? (shown ? "you-preview" : "you-body") : undefined}
      onClick={() => show(toPreview)}
    >
      {say(text)}
    </button>
  );
  return (
    <>
      {shown && (
        <div
          id="you-preview"
          class="body preview"
          role="tabpanel"
          aria-label={say("previewTab")}
          aria-busy={preview === null}
          tabIndex={0}
          dir="auto"
          part="preview"
        >
          {preview === null ? (
            <p class="quietly">{say("previewing")}</p>
          ) : preview.length === 0 ? (
            <p class="quietly">{say("previewEmpty")}</p>
          ) : (
            <Body nodes={preview} />
          )}
        </div>
      )}
      <div class="tools">
        <div role="tablist" aria-label={say("tabs")} class="tabs" part="tabs">
          {tab("writeTab", !shown, false)}
          {tab("previewTab", shown, true)}
        </div>
        <details class="help" part="help">
          <summary>{say("help")}</summary>
          <ul>
            {(["helpStrong", "helpEm", "helpCode", "helpLink", "helpQuote", "helpList", "helpBlock"] as const).map((line) => (
              <li key={line}>{say(line)}</li>
            ))}
          </ul>
        </details>
      </div>
    </>
  );
}
