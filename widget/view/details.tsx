import type { ComponentChildren, VNode } from "preact";
import type { box as english } from "#locale/en/box";
import { FIELD_LIMITS } from "#wire/limits";
import type { PublicSettings } from "#wire/settings";
import { Body } from "./body.tsx";
import type { Say } from "./reading.ts";

type Field = "email" | "name" | "website";

/** What opens below the text: who writes, the house's rules, the button. Drawn in the browser and on the no-JavaScript page. */
export interface DetailsProps {
  say: Say<typeof english>;
  settings: PublicSettings;
  /** `phone` is the trap. */
  values: Readonly<Record<Field, string> & { phone?: string }>;
  /** What is wrong with a field, in words. */
  wrong: (field: Field) => string;
  /** What is wrong with the whole. */
  problem: string;
  /** “Post Comment”, “Post Reply” or “Save”. */
  button: string;
  busy?: boolean;
  /** Only who writes something new is asked who they are. */
  editing?: boolean;
  /** Ticked or not; absent where nothing can be remembered. */
  remember?: boolean;
  on?: { change: (field: Field | "phone", text: string) => void; remember: (yes: boolean) => void };
}

export function Details(props: DetailsProps): VNode {
  const { say, settings, problem, button, busy, editing, remember, on, values } = props;
  const { details, rules, privacyUrl } = settings;
  return (
    <div class="rest">
      {!editing && (
        <>
          <p class="lead">{say("details")}</p>
          <div class="details">
            {details !== "name_only" && (
              <Input {...props} name="email" type="email" complete="email" note={say("emailNote")} required={details === "required"} />
            )}
            <Input {...props} name="name" type="text" complete="name" required={details !== "optional"} />
            <Input {...props} name="website" type="url" complete="url" />
          </div>
          {remember !== undefined && on && (
            <label class="check" part="remember">
              <input type="checkbox" checked={remember} onChange={(event) => on.remember(event.currentTarget.checked)} />
              {say("remember")}
            </label>
          )}
          {/* No person sees this field, by eye, ear or Tab key; whoever fills it is a robot. */}
          <div class="quiet" aria-hidden="true">
            <label for="you-phone">{say("trap")}</label>
            <input
              id="you-phone"
              name="phone"
              type="text"
              tabIndex={-1}
              autocomplete="off"
              value={values.phone ?? ""}
              onInput={on && ((event) => on.change("phone", event.currentTarget.value))}
            />
          </div>
          {Array.isArray(rules) && (
            <details class="rules" part="rules">
              <summary>{say("rules")}</summary>
              <div class="body">
                <Body nodes={rules} />
              </div>
            </details>
          )}
        </>
      )}
      <Wrong id="you-problem" role="alert">
        {problem}
      </Wrong>
      <p class="send">
        <button type="submit" part="button submit" aria-disabled={busy} class="submit">
          {/* Both texts keep their room, so that the button's width does not change. */}
          <span class={busy ? "away" : ""} aria-hidden={busy}>
            {button}
          </span>
          <span class={busy ? "" : "away"} aria-hidden={!busy}>
            {say("posting")}
          </span>
        </button>
        {!editing && typeof privacyUrl === "string" && /^https?:/i.test(privacyUrl) && (
          <a href={privacyUrl} target="_blank" rel="noopener" part="privacy">
            {say("privacy")}
          </a>
        )}
      </p>
    </div>
  );
}

interface InputProps extends DetailsProps {
  name: Field;
  type: "email" | "text" | "url";
  complete: string;
  note?: string;
  required?: boolean;
}

function Input({ say, values, wrong, on, name, type, complete, note, required }: InputProps): VNode {
  const id = `you-${name}`;
  const problem = wrong(name);
  const about = [note && `${id}-note`, problem && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div class="field" part={`field-${name}`}>
      <label for={id}>
        {say(name)}
        {required && <span class="quietly"> ({say("required")})</span>}
      </label>
      <input
        id={id}
        name={name}
        type={(on && name === "website" ? "text" : type) as "text"}
        {...(name === "website" && { inputMode: "url" as const })}
        part="field"
        dir={name === "name" ? "auto" : "ltr"}
        autocomplete={complete}
        {...(!on && { maxLength: FIELD_LIMITS[name] })}
        value={values[name]}
        required={required ?? false}
        aria-invalid={problem ? true : undefined}
        aria-describedby={about || undefined}
        onInput={on && ((event) => on.change(name, event.currentTarget.value))}
      />
      {note && (
        <span class="hint" id={`${id}-note`}>
          {note}
        </span>
      )}
      <Wrong id={`${id}-error`}>{problem}</Wrong>
    </div>
  );
}

/** What is wrong, in words and with a sign: never by colour alone. */
export function Wrong({ id, role, children }: { id: string; role?: "alert"; children: ComponentChildren }): VNode | null {
  if (!children) return null;
  return (
    <p class="wrong" part="error" id={id} role={role}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <path d="M8 1 15 14.5H1Z M8 6v4 M8 12v.5" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round" />
      </svg>
      {children}
    </p>
  );
}
