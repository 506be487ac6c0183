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
  const tab = (text: "writeTab" | "previewTab", toPreview: boolean) => {
    const selected = shown === toPreview;
    return (
      <button
        type="button"
        role="tab"
        aria-selected={selected}
        aria-controls={selected ? (toPreview ? "you-preview" : "you-body") : undefined}
        onClick={() => show(toPreview)}
      >
        {say(text)}
      </button>
    );
  };
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
          {preview?.length ? <Body nodes={preview} /> : <p class="quietly">{say(preview ? "previewEmpty" : "previewing")}</p>}
        </div>
      )}
      <div class="tools">
        <div role="tablist" aria-label={say("tabs")} class="tabs" part="tabs">
          {tab("writeTab", false)}
          {tab("previewTab", true)}
        </div>
        <details class="help" part="help">
          <summary>{say("help")}</summary>
          <ul>
            {say("helpLines")
              .split("\n")
              .map((line) => (
                <li key={line}>{line}</li>
              ))}
          </ul>
        </details>
      </div>
    </>
  );
}
