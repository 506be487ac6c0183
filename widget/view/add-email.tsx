import type { VNode } from "preact";
import type { box } from "#locale/en/box";
import type { addEmail as english } from "#locale/en/add-email";
import type { Say } from "./reading.ts";

export interface AddEmailProps {
  say: Say<typeof english>;
  box: Say<typeof box>;
  /** Whether the server takes an address. */
  can: boolean;
  /** "" at first, `open`, `busy`, what was wrong, or the address that was written to. */
  state: string;
  open: () => void;
  add: (address: string) => void;
}

/** In place of the box for letters where the account gives no e-mail: it can't be ticked, and beside it one can be added. */
export function AddEmail({ say, box, can, state, open, add }: AddEmailProps): VNode {
  const send = (within: HTMLElement) => add(within.closest(".email")!.querySelector<HTMLInputElement>("#you-add-email")!.value.trim());
  const wrong = state === "invalid" ? box("email_invalid") : state === "internal" && box("internal");
  return (
    // None of the box's own fields: neither remembered nor sent with a comment.
    <div class="email" onInput={(event) => event.stopPropagation()}>
      <label class="check off" part="notify">
        <input type="checkbox" disabled />
        {box("notify")}
      </label>
      {!can && <p class="hint">{say("noEmail")}</p>}
      {can && state === "" && (
        <button type="button" onClick={open}>
          {say("addEmail")}
        </button>
      )}
      {can && state !== "" && (
        <>
          <p class="row">
            <input
              id="you-add-email"
              type="email"
              part="field"
              dir="ltr"
              autocomplete="email"
              aria-label={box("email")}
              aria-invalid={wrong ? true : undefined}
              aria-describedby="you-add-email-about"
              onKeyDown={(event) => {
                if (event.key !== "Enter") return;
                event.preventDefault();
                event.stopPropagation();
                send(event.currentTarget);
              }}
            />
            <button type="button" aria-disabled={state === "busy"} onClick={(event) => send(event.currentTarget)}>
              {say("addEmail")}
            </button>
          </p>
          <div id="you-add-email-about" role="status">
            {state.includes("@") && <p class="hint">{say("emailSent", { email: state })}</p>}
            {wrong && (
              <p class="wrong" part="error">
                {wrong}
              </p>
            )}
          </div>
        </>
      )}
    </div>
  );
}
