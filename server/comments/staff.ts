import type { Owner, Site } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { haveOneInCommon, skeletons } from "./alike.ts";

/** Who speaks for the sites, by what others could pass for them. */
export interface StaffMember {
  /** In lower case; "" for none. */
  email: string;
  names: readonly ReadonlySet<string>[];
  /** Name and role, which may go on as a badge does: “Olga, Owner at Blog”. */
  badges: readonly string[];
}

export type Staff = () => Promise<readonly StaffMember[]>;

/** Milliseconds for which they are remembered: each comment is held against them, and they seldom change. */
const REMEMBERED = 5_000;

export function staffDirectory(store: Pick<Store, "owners">, now: () => number): Staff {
  let members: readonly StaffMember[] = [];
  let until = Number.NEGATIVE_INFINITY;
  return async () => {
    const at = now();
    if (at < until && at > until - 2 * REMEMBERED) return members;
    members = (await store.owners()).map(toMember);
    until = at + REMEMBERED;
    return members;
  };
}

const toMember = ({ name, role, email }: Owner): StaffMember => ({
  email: email.toLowerCase(),
  names: [name, role].map(skeletons),
  badges: [`${name} ${role}`, `${role} ${name}`].flatMap((text) => [...skeletons(text)]),
});

/** By which people speak for a site, whoever its staff are. */
const OFFICES = ["Admin", "Administrator", "Moderator"].map(skeletons);

/** The member whom a name passes for; null for none. Where it is the site's or an office's, that is the first. */
export function memberLike(name: string, site: Pick<Site, "name">, staff: readonly StaffMember[]): StaffMember | null {
  const given = skeletons(name);
  const isLike = (one: ReadonlySet<string>) => haveOneInCommon(one, given);
  const wears = (badge: string) => [...given].some((one) => one.startsWith(badge));
  const member = staff.find(({ names, badges }) => names.some(isLike) || badges.some(wears));
  if (member) return member;
  return ([...OFFICES, skeletons(site.name)].some(isLike) && staff[0]) || null;
}
