/** Following pages by mail: the token in each letter proves that its bearer reads the address's mail, on this site alone. */
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { Follow, Follower, Often } from "../store/mail.ts";

/** Signed and not kept: who steals the database without its key has no links. */
export const followToken = ({ keys }: Pick<Services, "keys">, { site, id }: Pick<Follower, "site" | "id">): string =>
  `${site}.${id}.${keys.sign("letters", [site, id])}`;

/** Whose it is. Refusal `not_found` for any other text. */
function readToken({ keys }: Pick<Services, "keys">, token: string): { site: number; id: string } {
  const [site = "", id = "", signature = ""] = token.split(".");
  const at = { site: Number(site), id };
  if (!/^[1-9]\d{0,8}$/.test(site) || !keys.verify("letters", [at.site, id], signature)) throw new Refusal("not_found");
  return at;
}

/** Null when nothing is kept of it any more. */
export function readFollower(services: Services, token: string): Promise<{ follower: Follower; follows: Follow[] } | null> {
  const { site, id } = readToken(services, token);
  return services.store.follower(site, id);
}

export async function confirmFollower(services: Services, token: string): Promise<void> {
  const { site, id } = readToken(services, token);
  await services.store.confirmFollows(site, id);
}

export async function changeFollow(services: Services, token: string, { page, often }: { page: number; often: Often }): Promise<void> {
  const { site, id } = readToken(services, token);
  await services.store.setFollow(site, id, page, often);
}

/** Of one page, or of all. */
export async function stopFollowing(services: Services, token: string, page: number | null): Promise<void> {
  const { site, id } = readToken(services, token);
  await services.store.endFollow(site, id, page);
}
