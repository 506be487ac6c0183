import type { Services } from "../services.ts";
import { SALT_DAYS } from "./address.ts";

const DAY = 86_400_000;

/** Deletes for good what has lain in each site's trash for its days, and drops what has expired. */
export async function emptyTrash({ store, now, newId }: Pick<Services, "store" | "now" | "newId">): Promise<void> {
  for (const site of await store.sites()) {
    await store.purgeTrash(site.id, now() - site.settings.trashDays * DAY, { id: newId(), at: now(), by: "system", action: "purge" });
  }
  await store.sweep(now(), now() - SALT_DAYS * DAY);
}
