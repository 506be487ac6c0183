import type { ComponentChildren, VNode } from "preact";
import { useId } from "preact/hooks";
import type { FieldCode } from "#wire/refusal";
import { t } from "../state/words.ts";

/** What an input needs to be named and described by its label, note and error. */
export interface Described {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": "true" | undefined;
}

interface FieldProps {
  label: string;
  note?: string | undefined;
  wrong?: FieldCode | undefined;
  children: (described: Described) => ComponentChildren;
}

/** A label above its input, what to write, and what is wrong with it in words. */
export function Field({ label, note, wrong, children }: FieldProps): VNode {
  const id = useId();
  const describedBy = [note && `${id}-note`, wrong && `${id}-wrong`].filter(Boolean).join(" ") || undefined;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, "aria-describedby": describedBy, "aria-invalid": wrong ? "true" : undefined })}
      {note && (
        <p class="note" id={`${id}-note`}>
          {note}
        </p>
      )}
      {wrong && (
        <p class="wrong" id={`${id}-wrong`}>
          <span aria-hidden="true">⚠ </span>
          {t(`field_${wrong}`)}
        </p>
      )}
    </div>
  );
}
