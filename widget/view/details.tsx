import type { ComponentChildren, VNode } from "preact";
import type { box as english } from "#locale/en/box";
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
  /** Puts itself in the place of the first line, and of the fields where none is needed. */
  who?: (fields: ComponentChildren[]) => ComponentChildren;
  /** The same of letters about what follows. */
  notify?: boolean | undefined;
  /** Told of whatever field changed, by its name: those of `values`, `remember` or `notify`. */
  change?: (field: HTMLInputElement) => void;
}

export function Details(props: DetailsProps): VNode {
  const { say, settings, problem, button, busy, editing, change, values } = props;
  const { details, rules, privacyUrl = "" } = settings;
  const fields = [
    <p>{say("details")}</p>,
    <div class="details">
      {details !== "name_only" && <Input {...props} name="email" kind="email" note={say("emailNote")} required={details === "required"} />}
      <Input {...props} name="name" required={details !== "optional"} />
      <Input {...props} name="website" kind="url" />
    </div>,
    (["remember", "notify"] as const).map(
      (name) =>
        props[name] !== undefined && (
          <label class="check" part={name}>
            <input type="checkbox" name={name} checked={props[name]} />
            {say(name)}
          </label>
        ),
    ),
  ];
  return (
    <div class="rest" onInput={change && ((event) => change(event.target as HTMLInputElement))}>
      {!editing && (
        <>
          {props.who?.(fields) ?? fields}
          {/* No person sees this field, by eye, ear or Tab key; whoever fills it is a robot. */}
          <label class="quiet" aria-hidden="true">
            {say("trap")}
            <input name="phone" tabIndex={-1} autocomplete="off" value={values.phone ?? ""} />
          </label>
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
      <Wrong role="alert">{problem}</Wrong>
      <p class="send">
        <button type="submit" part="button submit" aria-disabled={busy} class="submit">
          {/* Both texts keep their room, so that the button's width does not change. */}
          <span class={busy ? "away" : ""}>{button}</span>
          <span class={busy ? "" : "away"}>{say("posting")}</span>
        </button>
        {!editing && /^https?:/i.test(privacyUrl) && (
          <a href={privacyUrl} target="_blank" part="privacy">
            {say("privacy")}
          </a>
        )}
      </p>
    </div>
  );
}

interface InputProps extends DetailsProps {
  name: Field;
  /** What its keyboard is for, and what a browser fills in. No `type="url"`: screen readers would call an address without scheme wrong. */
  kind?: "email" | "url";
  note?: string;
  required?: boolean;
}

function Input({ say, values, wrong, name, kind, note, required = false }: InputProps): VNode {
  const id = `you-${name}`;
  const problem = wrong(name);
  return (
    <div class="field">
      <label for={id}>
        {say(name)}
        {required && <span class="quietly"> ({say("required")})</span>}
      </label>
      <input
        id={id}
        name={name}
        inputMode={kind}
        part="field"
        dir={kind ? "ltr" : "auto"}
        autocomplete={kind ?? name}
        value={values[name]}
        required={required}
        aria-invalid={problem ? true : undefined}
        aria-describedby={`${id}-about`}
      />
      <div id={`${id}-about`}>
        {note && <span class="hint">{note}</span>}
        <Wrong>{problem}</Wrong>
      </div>
    </div>
  );
}

/** What is wrong, in words and with a sign: never by colour alone. */
export function Wrong({ id, role, children }: { id?: string; role?: "alert"; children: ComponentChildren }): VNode | null {
  if (!children) return null;
  return (
    <p class="wrong" part="error" id={id} role={role}>
      {children}
    </p>
  );
}
