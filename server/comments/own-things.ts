/** What readers do with what is theirs: see it, claim it, take it with them, have it forgotten. */
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { Account } from "../store/readers.ts";
import type { CommentRow, LogEntry, Page, Site } from "../store/records.ts";
import { editableUntil } from "./edit.ts";
import { followToken } from "./follow.ts";
import { isWhole } from "./view.ts";

/** Comments on one page of the list. */
const LISTED = 20;
/** Comments handled in one transaction. */
const AT_ONCE = 200;
/** Earlier comments that are offered at a time. */
const OFFERED = 50;

export interface OwnComment {
  row: CommentRow;
  page: Page;
  /** Whether its author may still change it. */
  editable: boolean;
}

/** What an account wrote, the newest first, but for what is in the trash. */
export async function listOwn(
  services: Services,
  site: Site,
  account: Account,
  after?: string,
): Promise<{ items: OwnComment[]; next: string | null }> {
  const found = await services.store.commentsOf({ site: site.id, account: account.id, after, limit: LISTED + 1 });
  const items = found.slice(0, LISTED);
  return {
    items: items.filter(({ row }) => isWhole(row)).map((item) => asOwn(services, site, item)),
    next: found.length > LISTED ? items.at(-1)!.row.id : null,
  };
}

/** One of them. Refusal `not_found` for any other. */
export async function findOwn(services: Services, site: Site, account: Account, id: string): Promise<OwnComment> {
  const row = await services.store.comment(site.id, id);
  const page = row && (await services.store.pageById(site.id, row.page));
  if (!page || row.account !== account.id || !isWhole(row)) throw new Refusal("not_found");
  return asOwn(services, site, { row, page });
}

const asOwn = ({ now }: Services, site: Site, { row, page }: Omit<OwnComment, "editable">): OwnComment => ({
  row,
  page,
  editable: page.open && now() <= editableUntil(site, row),
});

/** Which of an account's comments on a page it may still change, and until when. */
export async function editableOn(
  services: Services,
  site: Site,
  { account, key }: { account: Account; key: string },
): Promise<[string, number][]> {
  const found = await services.store.commentsOf({ site: site.id, account: account.id, limit: LISTED });
  return found
    .map((item) => asOwn(services, site, item))
    .filter(({ editable, page, row }) => editable && page.key === key && isWhole(row))
    .map(({ row }) => [row.id, editableUntil(site, row)]);
}

/** Takes a comment back, however old it is: it is the reader's, and a stub stays where it was answered. */
export async function removeOwn(services: Services, site: Site, account: Account, id: string): Promise<void> {
  const { row } = await findOwn(services, site, account, id);
  const log = logEntry(services, "status");
  if (row.status === "trash") await services.store.edit(site.id, row.id, { reason: "author", editedAt: null }, log);
  else await services.store.setStatus([row], "trash", "author", log);
}

/** The address that a letter of ours proved to be the reader's; "" for none. What one provider says is not enough. */
export const provenAddress = ({ provider, email, emailVerified, confirmed = "" }: Account): string =>
  confirmed || (provider === "email" && emailVerified ? email : "");

/** Guests' comments written with the reader's proven address. */
export async function earlierComments(services: Services, site: Site, account: Account): Promise<Omit<OwnComment, "editable">[]> {
  const email = provenAddress(account);
  const found: Omit<OwnComment, "editable">[] = [];
  for (const status of email === "" ? [] : ([undefined, "spam", "trash"] as const)) {
    let after: string | undefined;
    do {
      const query = { site: site.id, search: email, status, sort: "newest", after, limit: AT_ONCE } as const;
      const { rows, next } = await services.store.queue(query);
      found.push(...rows.filter(({ row }) => isGuests(row, email)));
      after = next ?? undefined;
    } while (after !== undefined && found.length < OFFERED);
  }
  return found.slice(0, OFFERED);
}

const isGuests = ({ email, account, role }: CommentRow, address: string) =>
  account === null && role === null && email.toLowerCase() === address.toLowerCase();

/** All that `earlierComments` offers become the account's. Returns how many. */
export async function claimEarlier(services: Services, site: Site, account: Account): Promise<number> {
  const ids = (await earlierComments(services, site, account)).map(({ row }) => row.id);
  return services.store.claimComments({ site: site.id, account: account.id, email: provenAddress(account), ids });
}

/** What the reader's address gets by mail, and the token of the page that changes it; null where nothing was asked for. */
export async function lettersOf(services: Services, site: Site, account: Account) {
  const email = provenAddress(account);
  const id = email === "" ? null : await services.store.followerOf(site.id, email);
  const found = id === null ? null : await services.store.follower(site.id, id);
  return found && { follows: found.follows, token: followToken(services, found.follower) };
}

export interface EraseRequest {
  account: Account;
  /** Comments go, or stay without who wrote them. */
  comments: "remove" | "anonymise";
  /** In the place of the name. */
  anonymous: string;
}

/** Ends an account with all that is kept of it. The account itself goes last, so that what breaks off in between is begun again. */
export async function eraseAccount(services: Services, site: Site, { account, comments, anonymous }: EraseRequest): Promise<void> {
  const { store } = services;
  const at = { site: site.id, account: account.id };
  while ((await claimEarlier(services, site, account)) > 0);
  for (;;) {
    const ids = (await store.commentsOf({ ...at, limit: AT_ONCE })).map(({ row }) => row.id);
    if (ids.length === 0) break;
    const refs = ids.map((id) => ({ site: site.id, id }));
    if (comments === "remove") await store.purge(refs, logEntry(services, "purge"));
    else await store.anonymise({ ...at, ids, name: anonymous }, logEntry(services, "edit"));
  }
  const proven = provenAddress(account);
  const addresses = [...new Set([proven, account.email])].filter((email) => email !== "");
  // Letters that someone confirmed at an address end only with who was shown to have it, by its provider or by us.
  const ours = account.emailVerified || proven !== "";
  await store.removeAccount({ ...at, addresses: addresses.map((email) => ({ email, proven: ours })) });
}

const logEntry = ({ newId, now }: Services, action: LogEntry["action"]): LogEntry => ({ id: newId(), at: now(), by: "author", action });
