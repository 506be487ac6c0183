/** A comment that passes for someone's: the token in the letter to the real one proves that its bearer reads that one's mail. */
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { CommentRow, LogEntry, Page, Site } from "../store/records.ts";
import { judge } from "./policy.ts";

type Doubted = Pick<CommentRow, "site" | "id">;

/** While nobody has decided. */
export const isDoubted = ({ status, reason }: Pick<CommentRow, "status" | "reason">): boolean =>
  status === "held" && reason === "impersonation";

export const doubtToken = ({ keys }: Pick<Services, "keys">, { site, id }: Doubted): string =>
  `${site}.${id}.${keys.sign("doubt", [site, id])}`;

export interface Doubt {
  site: Site;
  row: CommentRow;
  page: Page;
}

/** Null where nothing is left to decide. Refusal `not_found` for any other text than such a token. */
export async function readDoubt({ keys, sites, store }: Services, token: string): Promise<Doubt | null> {
  const [, digits = "", id = "", signature = ""] = /^([1-9]\d{0,8})\.([0-9a-f-]{36})\.([\w-]{43})$/.exec(token) ?? [];
  if (!keys.verify("doubt", [Number(digits), id], signature)) throw new Refusal("not_found");
  const site = await sites.byId(Number(digits));
  const row = site && (await store.comment(site.id, id));
  if (!row || !isDoubted(row)) return null;
  const page = await store.pageById(site.id, row.page);
  return page && { site, row, page };
}

/** It was theirs: it goes where it had gone without the doubt. It was not: it is spam. */
export async function settleDoubt(services: Services, { site, row }: Doubt, theirs: boolean): Promise<"public" | "held" | "spam"> {
  const { store, mail } = services;
  const log: LogEntry = { id: services.newId(), at: services.now(), by: "letter", action: "status" };
  if (!theirs) {
    await store.setStatus([row], "spam", "impersonation", log);
    return "spam";
  }
  const known = row.email !== "" && (await store.hasApproved(site.id, row.email, row.name));
  const fields = { ...row, body: row.source, title: "" };
  const { status, reason } = judge({ fields, body: row.body, settings: site.settings, known, impersonates: false });
  if (status === "approved") {
    await store.setStatus([row], "approved", null, log, mail !== null);
    mail?.stir();
    return "public";
  }
  await store.edit(site.id, row.id, { status, reason, editedAt: null }, log, row.version);
  return "held";
}
