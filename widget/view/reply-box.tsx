import { h, type ComponentChildren, type VNode } from "preact";
import type { Reading } from "./reading.ts";

/** The box as it stands closed: its heading and the field. What opens with the first focus comes as children. */
export interface ReplyBoxProps {
  reading: Reading;
  /** The author's own question, “Reply to NAME” or “Edit your comment”. */
  heading: string;
  text: string;
  opened: boolean;
  /** Above the field, beside the heading: “Cancel reply”. */
  beside?: ComponentChildren;
  /** What is wrong with the text; its element has the id `you-body-error`. */
  wrong?: ComponentChildren;
  /** Hides the field behind its preview. */
  hidden?: boolean | undefined;
  children?: ComponentChildren;
  /** Where the form goes without JavaScript. */
  action?: string;
  on?: BoxEvents;
}

/** None of these rejects. */
export interface BoxEvents {
  open: () => void;
  write: (text: string) => void;
  submit: () => void;
  key?: (event: KeyboardEvent) => void;
}

export function ReplyBox(props: ReplyBoxProps): VNode {
  const { reading, heading, text, opened, beside, wrong, hidden, children, action, on } = props;
  const { say, headingLevel } = reading;
  return (
    <section class={`box${opened ? " opened" : ""}`} part="box" aria-labelledby="you-ask">
      <div class="top">
        {h(`h${Math.min(6, headingLevel + 1)}`, { id: "you-ask", part: "box-heading" }, heading)}
        {beside}
      </div>
      <form
        part="form"
        method="post"
        action={action}
        noValidate
        onKeyDown={on?.key}
        onSubmit={on && ((event) => (event.preventDefault(), on.submit()))}
      >
        <div class="field">
          <label class="quiet" for="you-body">
            {say("write")}
          </label>
          <textarea
            id="you-body"
            name="body"
            part="field"
            dir="auto"
            rows={opened ? 4 : 1}
            placeholder={opened ? undefined : say("write")}
            required={!on}
            hidden={hidden ?? false}
            value={text}
            aria-invalid={wrong ? true : undefined}
            aria-describedby={wrong ? "you-body-error" : undefined}
            onFocus={on?.open}
            onInput={on && ((event) => on.write(event.currentTarget.value))}
          />
          {wrong}
        </div>
        {children}
      </form>
    </section>
  );
}
