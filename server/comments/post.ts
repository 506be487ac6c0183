import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { Added, Claim, CommentRow, NewRow, Page } from "../store/records.ts";
import type { Account } from "../store/readers.ts";
import type { Body } from "../wire/body.ts";
import type { NewComment, Posted } from "../wire/comment.ts";
import { editableUntil } from "./edit.ts";
import { type Fields, readFields } from "./fields.ts";
import { type Poster } from "./flood.ts";
import { facesOf } from "./faces.ts";
import { findImpersonated } from "./impersonation.ts";
import { goingWith } from "./letters.ts";
import { RENDER_VERSION } from "./markdown.ts";
import { judge, type Verdict } from "./policy.ts";
import { renderText } from "./render-text.ts";
import type { Place } from "./sites.ts";
import { FORM_TOKEN_MS, issueEditToken, readFormToken, sha256 } from "./tokens.ts";
import { isWhole, toOwnComment, toPageInfo } from "./view.ts";

export interface PostRequest {
  input: NewComment;
  /** Origin header, null where the request has none. */
  origin: string | null;
  /** The hash under which the sender's address is known. */
  address: string;
  idempotencyKey: string | null;
  /** Of the letters that it may bring. */
  lang: string;
  /** Who is signed in; absent or null for a guest. */
  reader?: Account | null;
}

/** A repeated request is known for a day, a repeated text for a week. */
const IDEMPOTENCY_MS = 86_400_000;
const DUPLICATE_MS = 7 * 86_400_000;

/** A reader's comment, from what came in to what is on disk. Each step may refuse; nothing is written before the last. */
export async function postComment(services: Services, request: PostRequest): Promise<Posted> {
  const { input } = request;
  const place = await services.sites.locate(input.url);
  services.sites.admit(place.site, request.origin);
  const repeat = await findRepeat(services, place, request);
  if (repeat) return repeat;
  try {
    return await postNew(services, place, request);
  } catch (error) {
    // The same request may have been stored meanwhile; a second one must not be told that its words are said already.
    const answered = error instanceof Refusal ? await findRepeat(services, place, request) : null;
    if (answered) return answered;
    throw error;
  }
}

async function postNew(services: Services, place: Place, request: PostRequest): Promise<Posted> {
  const { input } = request;
  await requireOpen(services, place);
  if (place.site.settings.login === "required" && !request.reader) throw new Refusal("login_required");
  await requireParent(services, place, input.parent ?? null);
  const fields = readWriter(request, place.site.settings);
  const robot = input.phone !== "";
  const token = requireToken(services, place, input.token);
  const claims = claimsOf(services, { place, request, fields, token });
  await refuseDuplicate(services, place, claims);
  const poster = { site: place.site.id, address: request.address, email: fields.email === "" ? null : sha256(fields.email.toLowerCase()) };
  await refuseFlood(services, place, poster);
  let added: Added | null = null;
  try {
    const body = await renderText(services, fields.body, place.site.settings);
    const { impersonated, ...verdict } = robot ? SPAM : await moderate(services, place, { fields, body, reader: request.reader ?? null });
    const row = toRow(services, { place, request, fields, body, verdict });
    const { notify } = input;
    const { status, email } = row;
    const going = await goingWith(services, { site: place.site, status, email, notify, lang: request.lang, impersonated });
    added = await services.store.add(row, claims, going);
    services.mail?.stir();
  } finally {
    if (!added?.ok) await services.flood.giveBack(poster, place.site.settings);
  }
  return answerAdded(services, place, { added, input });
}

/** What a signed-in reader is called is the account's to say, never the browser's. */
function readWriter({ input, reader }: PostRequest, settings: Place["site"]["settings"]): Fields {
  if (!reader) return readFields(input, settings);
  return readFields({ ...input, name: reader.name, email: reader.email, website: "" }, { details: "optional" });
}

const SPAM: { status: "spam"; reason: "honeypot"; impersonated: null } = { status: "spam", reason: "honeypot", impersonated: null };

/** The same request again gets the same answer; another under the same key is refused. */
async function findRepeat(services: Services, place: Place, { idempotencyKey, input }: PostRequest): Promise<Posted | null> {
  if (idempotencyKey === null) return null;
  const taken = await services.store.claimed(place.site.id, "idempotency", sha256(idempotencyKey));
  return taken && repeated(services, place, { ...taken, input });
}

async function repeated(
  services: Services,
  place: Place,
  { comment, request, input }: { comment: string; request: string | null; input: NewComment },
): Promise<Posted> {
  if (request !== fingerprint(input)) throw new Refusal("idempotency_mismatch");
  const row = await services.store.comment(place.site.id, comment);
  if (!row || !isWhole(row)) throw new Refusal("not_found");
  return answer(services, place, row, await services.store.pageById(place.site.id, row.page));
}

/** Token aside: a renewed token does not make it another request. */
const fingerprint = (input: NewComment) => sha256(JSON.stringify({ ...input, token: "" }, Object.keys(input).sort()));

async function requireOpen({ store }: Services, { site, key }: Place): Promise<void> {
  const page = await store.page(site.id, key);
  if (page && !page.open) throw new Refusal("closed");
}

async function requireParent({ store }: Services, { site, key }: Place, parent: string | null): Promise<void> {
  if (parent === null) return;
  const row = await store.comment(site.id, parent);
  const page = row && (await store.pageById(site.id, row.page));
  if (row?.status !== "approved" || page?.key !== key) throw new Refusal("parent_gone");
}

/** Signed by us for this site, and no younger than a person needs to write. */
function requireToken(services: Services, { site }: Place, token: string): string {
  const { age, hash } = readFormToken(services, site.id, token);
  const wait = site.settings.minAge * 1000 - age;
  if (wait > 0) throw new Refusal("too_fast", { retryAfter: Math.ceil(wait / 1000) });
  return hash;
}

function claimsOf(
  { now }: Services,
  { place, request, fields, token }: { place: Place; request: PostRequest; fields: Fields; token: string },
): Claim[] {
  const text = [place.key, request.input.parent ?? "", fields.email.toLowerCase(), fields.name, fields.body];
  return [
    ...(request.idempotencyKey === null
      ? []
      : [
          {
            kind: "idempotency" as const,
            hash: sha256(request.idempotencyKey),
            request: fingerprint(request.input),
            expiresAt: now() + IDEMPOTENCY_MS,
          },
        ]),
    { kind: "token", hash: token, expiresAt: now() + FORM_TOKEN_MS },
    { kind: "duplicate", hash: sha256(JSON.stringify(text)), expiresAt: now() + DUPLICATE_MS },
  ];
}

/** The same words by the same person in the same place, unless what was said first lies in the trash: then these words stand in for it. */
async function refuseDuplicate({ store }: Services, { site }: Place, claims: Claim[]): Promise<void> {
  const words = claims.find(({ kind }) => kind === "duplicate") as Claim;
  for (;;) {
    const taken = await store.claimed(site.id, "duplicate", words.hash);
    if (!taken) return;
    const earlier = await store.comment(site.id, taken.comment);
    if (earlier && isWhole(earlier)) throw new Refusal("duplicate");
    words.hash = sha256(`${words.hash} ${taken.comment}`);
  }
}

async function refuseFlood({ flood }: Services, { site }: Place, poster: Poster): Promise<void> {
  const wait = await flood.take(poster, site.settings);
  if (wait > 0) throw new Refusal("too_fast", { retryAfter: wait });
}

/** With the address of whom it passes for, where that holds it. */
async function moderate(
  services: Services,
  { site }: Place,
  { fields, body, reader }: { fields: Fields; body: Body; reader: Account | null },
): Promise<Verdict & { impersonated: string | null }> {
  const [known, found] = await Promise.all([
    fields.email !== "" && services.store.hasApproved(site.id, fields.email, fields.name),
    findImpersonated(services, { site, fields, reader }),
  ]);
  // Whom the site's own people let speak under a name like theirs is somebody else of that name.
  const impersonated = found?.by === "name" && known ? null : found;
  const verdict = judge({ fields, body, settings: site.settings, known, impersonates: impersonated !== null });
  return { ...verdict, impersonated: verdict.reason === "impersonation" ? impersonated!.to : null };
}

function toRow(
  { newId, now }: Services,
  given: { place: Place; request: PostRequest; fields: Fields; body: NewRow["body"]; verdict: Pick<NewRow, "status" | "reason"> },
): NewRow {
  const { place, request, fields, body, verdict } = given;
  return {
    site: place.site.id,
    pageKey: place.key,
    pageTitle: fields.title,
    id: newId(),
    parent: request.input.parent ?? null,
    status: verdict.status,
    reason: verdict.reason,
    name: fields.name,
    email: fields.email,
    website: fields.website,
    role: request.reader?.role ?? null,
    account: request.reader?.id ?? null,
    source: fields.body,
    format: "markdown",
    body,
    renderVersion: RENDER_VERSION,
    createdAt: now(),
    ipHash: request.address,
  };
}

/** Who came second in a race gets what they would have got a moment later. */
async function answerAdded(services: Services, place: Place, { added, input }: { added: Added; input: NewComment }): Promise<Posted> {
  if (added.ok) return answer(services, place, added.row, added.page);
  if (added.taken === "parent") throw new Refusal("parent_gone");
  if (added.taken !== "idempotency") throw new Refusal(added.taken === "token" ? "token_invalid" : "duplicate");
  return repeated(services, place, { ...added, input });
}

/** What the author alone gets: the comment even while it waits, and the proof that it is theirs. */
async function answer(services: Services, { site, key }: Place, row: CommentRow, page: Page | null): Promise<Posted> {
  const until = editableUntil(site, row);
  return {
    comment: toOwnComment(services, row, await facesOf(services, site, { rows: [row], page: key })),
    page: toPageInfo(site, key, page),
    editToken: issueEditToken(services, row, until),
    editUntil: new Date(until).toISOString(),
  };
}
