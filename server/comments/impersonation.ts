import type { Services } from "../services.ts";
import type { Account } from "../store/readers.ts";
import type { Site } from "../store/records.ts";
import type { Fields } from "./fields.ts";
import { memberLike } from "./staff.ts";

export interface Impersonated {
  by: "address" | "name";
  /** Address of the real one, who is asked; "" for none. */
  to: string;
}

/**
 * Whom a comment passes for without proof: someone who signed in here with that e-mail, or the site's own people by e-mail or
 * by a name that looks like theirs. Only a verified e-mail is proof, never a name.
 */
export async function findImpersonated(
  { store, staff }: Pick<Services, "store" | "staff">,
  { site, fields, reader }: { site: Pick<Site, "id" | "name">; fields: Pick<Fields, "name" | "email">; reader: Account | null },
): Promise<Impersonated | null> {
  const proven = reader?.emailVerified ? reader.email.toLowerCase() : "";
  const email = fields.email.toLowerCase();
  const members = await staff();
  if (email !== "" && email !== proven) {
    const isKnown = members.some((member) => member.email === email) || (await store.hasVerifiedEmail(site.id, email));
    if (isKnown) return { by: "address", to: fields.email };
  }
  // Whom the site itself gives a role by its token is of its people.
  const isStaff = reader?.role !== undefined || (proven !== "" && members.some((member) => member.email === proven));
  if (fields.name === "" || isStaff) return null;
  const member = memberLike(fields.name, site, members);
  return member && { by: "name", to: member.email };
}
