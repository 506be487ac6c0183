import { useState } from "preact/hooks";
import type { VNode } from "preact";
import type { SettingField, SiteChange, SiteWire } from "#wire/panel-sites";
import type { PanelRefusal } from "../api.ts";
import { say, whyOf } from "../state/notice.ts";
import { changeSite, settingFields } from "../state/sites.ts";
import { t, tName, type Word } from "../state/words.ts";
import { type Described, Field } from "./field.tsx";
import { linesOf } from "./sites.tsx";

/** The options as they stand together in the form; what is named nowhere here stands with the last. */
const GROUPS: readonly (readonly [Word, readonly string[]])[] = [
  ["group_box", ["details", "login", "rules", "privacyUrl", "images", "editWindow"]],
  ["group_thread", ["sort", "maxDepth"]],
  ["group_hold", ["holdAll", "holdFirst", "holdLinks", "holdWords", "trashWords"]],
  ["group_pace", ["minAge", "floor", "burst", "perHour"]],
  ["group_rest", []],
];

/** Every option in the group that names it, in that order. */
function grouped(fields: readonly SettingField[]): { title: Word; fields: SettingField[] }[] {
  const named = new Set(GROUPS.flatMap(([, names]) => names));
  return GROUPS.map(([title, names]) => ({
    title,
    fields:
      names.length > 0
        ? names.flatMap((name) => fields.filter((field) => field.name === name))
        : fields.filter(({ name }) => !named.has(name)),
  }));
}

/** As it stands in the form: lists are lines, numbers what was typed. */
type Draft = Record<string, string | boolean>;

/** Every option of a site, made from the server's own table. */
export function SettingsOf({ site }: { site: SiteWire }): VNode | null {
  const fields = settingFields.value;
  return fields && <Form site={site} fields={fields} />;
}

function Form({ site, fields }: { site: SiteWire; fields: readonly SettingField[] }): VNode {
  const [draft, setDraft] = useState<Draft>(() => draftOf(site.settings, fields));
  const [refusal, setRefusal] = useState<PanelRefusal | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    const before = draftOf(site.settings, fields);
    const changed = fields.filter(({ name }) => draft[name] !== before[name]);
    const refused = await changeSite(site.id, { settings: settingsOf(draft, changed) });
    setRefusal(refused);
    if (!refused) say(t("saved"));
  };
  return (
    <form class="form settings" noValidate onSubmit={(event) => void submit(event)}>
      {grouped(fields).map((group) => (
        <section key={group.title} aria-label={t(group.title)}>
          <h2>{t(group.title)}</h2>
          {group.fields.map((field) => (
            <Field
              key={field.name}
              label={tName(`set_${field.name}`) ?? field.name}
              note={tName(`set_${field.name}_hint`) ?? field.description}
              wrong={refusal?.fields[field.name]}
            >
              {(described) => (
                <Input
                  described={described}
                  field={field}
                  value={draft[field.name] ?? ""}
                  onChange={(value) => setDraft((before) => ({ ...before, [field.name]: value }))}
                />
              )}
            </Field>
          ))}
        </section>
      ))}
      {refusal && (
        <p role="alert" class="problem">
          {t("failed", { why: whyOf(refusal) })}
        </p>
      )}
      <p class="buttons sticky">
        <button type="submit" class="main">
          {t("save")}
        </button>
      </p>
    </form>
  );
}

interface InputProps {
  described: Described;
  field: SettingField;
  value: string | boolean;
  onChange: (value: string | boolean) => void;
}

function Input({ described, field: { name, kind, options = [], min, max }, value, onChange }: InputProps): VNode {
  const write = (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value);
  if (kind === "switch") {
    return <input {...described} type="checkbox" checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
  }
  if (kind === "choice") {
    return (
      <select {...described} value={String(value)} onChange={write}>
        {options.map((option) => (
          <option key={option} value={option}>
            {tName(`set_${name}_${option}`) ?? option}
          </option>
        ))}
      </select>
    );
  }
  if (kind === "number") {
    return <input {...described} type="number" inputMode="numeric" min={min} max={max} step={1} value={String(value)} onInput={write} />;
  }
  if (name === "privacyUrl") return <input {...described} type="url" dir="ltr" value={String(value)} onInput={write} />;
  const rows = kind === "list" || name === "rules" ? 3 : 1;
  return <textarea {...described} rows={rows} dir="auto" value={String(value)} onInput={write} />;
}

function draftOf(settings: SiteWire["settings"], fields: readonly SettingField[]): Draft {
  const values = settings as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    fields.map(({ name, kind }) => {
      const value = values[name];
      return [name, kind === "switch" ? value === true : Array.isArray(value) ? value.join("\n") : String(value ?? "")];
    }),
  );
}

/** Only what was changed: another window may have changed the rest. What can't be a number is sent as it is, so that the server says which field is wrong. */
function settingsOf(draft: Draft, fields: readonly SettingField[]): NonNullable<SiteChange["settings"]> {
  return Object.fromEntries(
    fields.map(({ name, kind }) => {
      const value = draft[name] ?? "";
      if (kind === "list") return [name, linesOf(String(value))];
      if (kind === "number") return [name, value === "" ? null : Number(value)];
      return [name, typeof value === "string" ? value.trim() : value];
    }),
  ) as NonNullable<SiteChange["settings"]>;
}
