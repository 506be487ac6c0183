/** What mail the product sends: which letters a comment sets going, and what each says. */
import { languageFor } from "../locale/format.ts";
import type { Draft, Part } from "../render/letter.tsx";
import { textsOf, type Texts } from "../render/texts.ts";
import type { Services } from "../services.ts";
import type { Going, Letter, NewLetter } from "../store/mail.ts";
import type { CommentRow, Page, Site } from "../store/records.ts";
import { doubtToken, isDoubted } from "./doubt.ts";
import { followToken } from "./follow.ts";
import { pageUrl } from "./sites.ts";

const DAY = 86_400_000;
/** An owner who has not heard of a comment by then sees it in the panel. */
const USEFUL = 7 * DAY;

interface Said {
  site: Site;
  status: CommentRow["status"];
  email: string;
  /** Whether the writer asked to hear of what follows. */
  notify: boolean;
  lang: string;
  /** Address of whom it passes for, where that holds it; "" where there is none. */
  impersonated: string | null;
}

/** What a new comment sets going: null where no mail is sent. Key and comment are filled in where it gets its place. */
export async function goingWith(services: Services, { site, status, email, notify, lang, impersonated }: Said): Promise<Going | null> {
  if (!services.mail) return null;
  const at = services.now();
  const base = { site: site.id, key: "", lang, dueAt: at, expiresAt: at + USEFUL };
  const others = await toOwners(services, site, status);
  const asked: NewLetter[] = impersonated ? [{ ...base, kind: "was_it_you", to: impersonated, about: {} }] : [];
  return {
    // Who is asked whether it was theirs need not hear of it a second time.
    letters: [...asked, ...others.filter(({ to }) => to.toLowerCase() !== impersonated?.toLowerCase())],
    follow:
      notify && email !== ""
        ? {
            id: services.randomBytes(16).toString("base64url"),
            email,
            lang,
            often: "instantly",
            confirm: { ...base, kind: "confirm", to: email, about: {} },
          }
        : null,
  };
}

async function toOwners({ store, now }: Services, { id, settings }: Site, status: CommentRow["status"]): Promise<NewLetter[]> {
  const kind = status === "held" ? "held" : "posted";
  if (settings.letters === "none" || (status !== "held" && (status !== "approved" || settings.letters === "held"))) return [];
  const owners = (await store.owners()).filter(({ email }) => email !== "");
  return owners.map((owner) => ({
    site: id,
    key: "",
    kind,
    to: owner.email,
    lang: "",
    about: { owner: owner.id },
    dueAt: now(),
    expiresAt: now() + USEFUL,
  }));
}

export interface CodeLetter {
  /** 0 where it is the panel of this server that is signed in to. */
  site: number;
  to: string;
  lang: string;
  purpose: "login" | "claim" | "erase" | "enter";
  /** Six digits; "" where the link is all. */
  code: string;
  /** Of the account that is concerned. */
  name?: string;
  /** A page of ours where a button acts. */
  link: string;
  expiresAt: number;
}

/** Sends a one-time code and link. Both lie sealed in the outbox until they are sent. False where no mail is sent. */
export async function sendCode(services: Services, { purpose, code, link, name = "", ...letter }: CodeLetter): Promise<boolean> {
  if (!services.mail) return false;
  const secret = services.keys.seal("letter", JSON.stringify({ code, link, name }));
  await services.store.addLetters([
    { ...letter, key: `code ${services.newId()}`, kind: "code", about: { purpose, secret }, dueAt: services.now() },
  ]);
  services.mail.stir();
  return true;
}

export async function sendTestLetter(services: Services, to: string, lang: string): Promise<boolean> {
  if (!services.mail) return false;
  const at = services.now();
  const key = `test ${services.newId()}`;
  await services.store.addLetters([{ site: 0, key, kind: "test", to, lang, about: {}, dueAt: at, expiresAt: at + DAY }]);
  services.mail.stir();
  return true;
}

export interface Composed extends Draft {
  headers: Record<string, string>;
  /** Comments that a digest tells of. */
  told: readonly string[];
}

/** What a letter says as of now; null when there is nothing to say any more: the comment is gone, or nobody wants it. */
export async function compose(services: Services, letter: Letter): Promise<Composed | null> {
  const lang = languageFor(letter.lang);
  const draft = { lang, headers: { "Auto-Submitted": "auto-generated" }, told: [] };
  const { mail: say } = textsOf(lang);
  if (letter.kind === "test") return { ...draft, subject: say("test_subject"), parts: [{ says: say("test_why") }], foot: [] };
  const site = await services.sites.byId(letter.site);
  if (letter.kind === "code") return composeCode(services, letter, { draft, say, name: site?.name ?? "Youfigure" });
  if (!site) return null;
  if (letter.kind === "posted" || letter.kind === "held") return composeForOwner(services, letter, { draft, say, site });
  if (letter.kind === "was_it_you") return composeWasItYou(services, letter, { draft, say, site });
  return composeForFollower(services, letter, { draft, say, site });
}

type Base = Pick<Composed, "lang" | "headers" | "told">;
interface With {
  draft: Base;
  say: Texts["mail"];
  site: Site;
}

function composeCode({ keys }: Services, { about }: Letter, { draft, say, name }: Omit<With, "site"> & { name: string }): Composed | null {
  const secret = keys.open("letter", about["secret"] ?? "");
  if (secret === null) return null;
  const { code, link, name: whose = "" } = JSON.parse(secret) as { code: string; link: string; name?: string };
  const purpose = about["purpose"] as CodeLetter["purpose"];
  return {
    ...draft,
    subject: say(`${purpose}_subject`, { code, site: name }),
    parts: [
      { says: say("hello") },
      { says: say(`${purpose}_why`, { site: name, name: whose }) },
      ...(code === "" ? [] : [{ code }]),
      { link, text: say(`${purpose}_link`) },
    ],
    foot: [{ says: say("code_else") }],
  };
}

async function composeForOwner(services: Services, { kind, about }: Letter, { draft, say, site }: With): Promise<Composed | null> {
  const found = await findComment(services, site, about["comment"] ?? "");
  if (!found || (kind === "held" && found.row.status !== "held")) return null;
  if (found.row.status !== "held" && found.row.status !== "approved") return null;
  const values = { name: found.row.name || found.row.email, page: titleOf(found.page, say), site: site.name };
  const link = `${services.config.publicUrl}/panel#/${kind === "held" ? "held" : "approved"}?site=${site.id}`;
  return {
    ...draft,
    subject: say(`${kind as "held" | "posted"}_subject`, values),
    parts: [{ says: say(`${kind as "held" | "posted"}_why`, values) }, { quotes: found.row.source }, { link, text: say("panel") }],
    foot: [{ says: say("panel_why", values) }],
  };
}

async function composeWasItYou(services: Services, { about }: Letter, { draft, say, site }: With): Promise<Composed | null> {
  const found = await findComment(services, site, about["comment"] ?? "");
  if (!found || !isDoubted(found.row)) return null;
  const values = { name: found.row.name || found.row.email, page: titleOf(found.page, say), site: site.name };
  const link = `${services.config.publicUrl}/letters/comment?token=${doubtToken(services, found.row)}`;
  return {
    ...draft,
    subject: say("doubt_subject", values),
    parts: [{ says: say("hello") }, { says: say("doubt_why", values) }, { quotes: found.row.source }, { link, text: say("doubt_link") }],
    foot: [{ says: say("doubt_else") }],
  };
}

async function composeForFollower(services: Services, letter: Letter, { draft, say, site }: With): Promise<Composed | null> {
  const found = await services.store.follower(site.id, letter.about["follower"] ?? "");
  if (!found) return null;
  const token = followToken(services, found.follower);
  const settings: Part = { link: `${services.config.publicUrl}/letters?token=${token}`, text: say("settings") };
  if (letter.kind === "confirm") {
    if (found.follows.every(({ confirmed }) => confirmed)) return null;
    return {
      ...draft,
      subject: say("confirm_subject", { site: site.name }),
      parts: [{ says: say("hello") }, { says: say("confirm_why", { site: site.name }) }, { ...settings, text: say("confirm_link") }],
      foot: [{ says: say("confirm_else") }],
    };
  }
  const ids =
    letter.kind === "digest" ? await services.store.digestOf(site.id, found.follower.id, DIGEST) : [letter.about["comment"] ?? ""];
  const said = await Promise.all(ids.map((id) => findComment(services, site, id)));
  const news = said.filter((one) => one !== null).filter(({ row }) => row.status === "approved");
  if (news.length === 0) return null;
  const values = { site: site.name, n: news.length, name: news[0]!.row.name, page: titleOf(news[0]!.page, say) };
  const page = letter.kind === "digest" ? undefined : news[0]!.page.id;
  const kind = letter.kind as "answer" | "new" | "digest";
  return {
    ...draft,
    told: ids,
    headers: { ...draft.headers, ...stopHeaders(services, token, page) },
    subject: say(`${kind}_subject`, values),
    parts: [
      { says: say(`${kind}_why`, values) },
      ...news.flatMap(({ row, page }) => [
        ...(kind === "digest" ? [{ says: say("digest_line", { name: row.name, page: titleOf(page, say) }) }] : []),
        { quotes: row.source },
        { link: `${pageUrl(site, page.key)}#comment-${row.id}`, text: say("read") },
      ]),
    ],
    foot: [settings],
  };
}

/** Comments that one digest tells of; the rest waits for the next. */
const DIGEST = 50;

/** RFC 2369 and RFC 8058: the mail program's own button, which posts. */
const stopHeaders = ({ config }: Services, token: string, page: number | undefined) => ({
  "List-Unsubscribe": `<${config.publicUrl}/letters/stop?token=${token}${page === undefined ? "" : `&page=${page}`}>`,
  "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
});

async function findComment({ store }: Services, site: Site, id: string): Promise<{ row: CommentRow; page: Page } | null> {
  const row = await store.comment(site.id, id);
  const page = row && (await store.pageById(site.id, row.page));
  return page ? { row, page } : null;
}

const titleOf = ({ title }: Page, say: Texts["mail"]) => title || say("page");
