import type { Services } from "../services.ts";
import { hashToken, newToken } from "./token.ts";

export type LinkPurpose = "setup" | "login";

/** Milliseconds for which a link works: time enough to find the console, and to copy from it. */
const LIFETIMES = { setup: 24 * 3_600_000, login: 15 * 60_000 } as const;

/** Makes a one-time link to the panel. The token stands in the fragment, which browsers send to nobody, so no log has it. */
export async function makeLink(
  { store, config, now, randomBytes }: Pick<Services, "store" | "config" | "now" | "randomBytes">,
  purpose: LinkPurpose,
): Promise<string> {
  const token = newToken(randomBytes);
  await store.addLink({ hash: hashToken(token), purpose, expiresAt: now() + LIFETIMES[purpose] });
  return `${config.publicUrl}/panel#${purpose}=${token}`;
}
