import { Refusal } from "../refusal.ts";
import type { FieldCode } from "../wire/refusal.ts";
import { readFields } from "./fields.ts";

export interface Profile {
  name: string;
  role: string;
  email: string;
}

/** An owner's name, role and e-mail, by the rules for any comment's, since they stand under comments. Refusal `invalid` with all that is wrong. */
export function readProfile(input: Profile): Profile {
  const wrong: Record<string, FieldCode> = {};
  const { name, email } = collect(wrong, () => readFields({ ...input, website: "", title: "", body: "-" }, { details: "required" }));
  const role = collect(
    wrong,
    () => readFields({ name: input.role, email: "", website: "", title: "", body: "-" }, { details: "optional" }),
    "role",
  ).name;
  if (Object.keys(wrong).length > 0) throw new Refusal("invalid", { fields: wrong });
  return { name, role, email };
}

/** Gathers what a check finds wrong, under the name the field has here. */
function collect(
  wrong: Record<string, FieldCode>,
  read: () => { name: string; email: string },
  as?: string,
): { name: string; email: string } {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Refusal) || !error.details.fields) throw error;
    for (const [field, code] of Object.entries(error.details.fields)) wrong[as ?? field] = code;
    return { name: "", email: "" };
  }
}
