/** Who asked for letters of which page, and handing a public comment on to them. */
import { all, first, once, run, type Steps } from "../steps.ts";
import type { Follow, Follower, Going, Letter, NewLetter, Often } from "../mail.ts";
import { APPROVED } from "./codes.ts";
import type { Context } from "./context.ts";
import { addLetters, NEWS_MS } from "./letters.ts";

const DAY = 86_400_000;
/** Letters written in one transaction. */
const AT_ONCE = 200;

/** The address is known by its letters alone, whatever their case. It may have been confirmed before, which says nothing of who writes now. */
export function* addFollow(cx: Context, at: { site: number; page: number }, follow: NonNullable<Going["follow"]>): Steps<void> {
  const { db } = cx.dialect;
  const { now } = cx;
  const { site, page } = at;
  const lower = follow.email.toLowerCase();
  yield* run(
    once(
      db
        .insertInto("followers")
        .values({ site_id: site, id: follow.id, email: follow.email, lower_email: lower, lang: follow.lang, created_at: now() })
        .onConflict((c) => c.columns(["site_id", "lower_email"]).doNothing()),
    ),
  );
  const known = yield* first(once(db.selectFrom("followers").select("id").where("site_id", "=", site).where("lower_email", "=", lower)));
  if (!known) throw new Error("A follower was not written");
  yield* run(
    once(
      db
        .insertInto("follows")
        .values({ site_id: site, page_id: page, follower_id: known.id, often: follow.often, confirmed: 0, created_at: now() })
        .onConflict((c) => c.columns(["site_id", "page_id", "follower_id"]).doNothing()),
    ),
  );
  const written = yield* first(
    once(
      db
        .selectFrom("follows")
        .select("confirmed")
        .where("site_id", "=", site)
        .where("page_id", "=", page)
        .where("follower_id", "=", known.id),
    ),
  );
  if (written?.confirmed !== 1) yield* addLetters(cx, [confirmFor(follow.confirm, known.id)]);
}

/** Once a day at most, whoever asks for it and however often. */
const confirmFor = (letter: NewLetter, follower: string): NewLetter => ({
  ...letter,
  key: `confirm ${follower} ${Math.floor(letter.dueAt / DAY)}`,
  about: { follower },
});

export function* findFollower(
  { dialect: { db } }: Context,
  site: number,
  id: string,
): Steps<{ follower: Follower; follows: Follow[] } | null> {
  const row = yield* first(once(db.selectFrom("followers").selectAll().where("site_id", "=", site).where("id", "=", id)));
  if (!row) return null;
  const rows = yield* all(
    once(
      db
        .selectFrom("follows")
        .innerJoin("pages", (join) => join.onRef("pages.site_id", "=", "follows.site_id").onRef("pages.id", "=", "follows.page_id"))
        .select(["follows.page_id", "pages.key", "pages.title", "follows.often", "follows.confirmed"])
        .where("follows.site_id", "=", site)
        .where("follows.follower_id", "=", id)
        .orderBy("follows.created_at"),
    ),
  );
  const follows = rows.map((f) => ({ page: f.page_id, key: f.key, title: f.title, often: f.often as Often, confirmed: f.confirmed === 1 }));
  const { email, lang } = row;
  return { follower: { site, id, email, lang, confirmed: follows.some(({ confirmed }) => confirmed) }, follows };
}

export function* confirmFollows({ dialect: { db } }: Context, site: number, id: string): Steps<void> {
  yield* run(once(db.updateTable("follows").set({ confirmed: 1 }).where("site_id", "=", site).where("follower_id", "=", id)));
}

export function* setFollow({ dialect: { db } }: Context, site: number, id: string, page: number, often: Often): Steps<void> {
  yield* run(
    once(db.updateTable("follows").set({ often }).where("site_id", "=", site).where("page_id", "=", page).where("follower_id", "=", id)),
  );
}

export function* endFollow({ dialect: { db } }: Context, site: number, id: string, page: number | null): Steps<void> {
  let query = db.deleteFrom("follows").where("site_id", "=", site).where("follower_id", "=", id);
  if (page !== null) query = query.where("page_id", "=", page);
  yield* run(once(query));
  const left = yield* first(
    once(db.selectFrom("follows").select("page_id").where("site_id", "=", site).where("follower_id", "=", id).limit(1)),
  );
  if (left) return;
  yield* run(once(db.deleteFrom("digest_lines").where("site_id", "=", site).where("follower_id", "=", id)));
  yield* run(once(db.deleteFrom("followers").where("site_id", "=", site).where("id", "=", id)));
}

interface Waiting {
  id: string;
  email: string;
  lower_email: string;
  lang: string;
  often: string;
}

/** Writes the letters to the next of those who follow its page, and where to go on. */
export function* spreadLetter(cx: Context, letter: Letter): Steps<boolean> {
  const { dialect, q } = cx;
  const { db, id } = dialect;
  const { site, key, about } = letter;
  const comment = about["comment"] ?? "";
  const row = yield* first(q.comment({ site, id: id.toDb(comment) }));
  const public_ = row?.status === APPROVED;
  const parent = public_ && row.parent_id !== null ? yield* first(q.comment({ site, id: row.parent_id })) : undefined;
  const rows: Waiting[] = public_
    ? yield* all(
        once(
          db
            .selectFrom("follows")
            .innerJoin("followers", (join) =>
              join.onRef("followers.site_id", "=", "follows.site_id").onRef("followers.id", "=", "follows.follower_id"),
            )
            .select(["followers.id", "followers.email", "followers.lower_email", "followers.lang", "follows.often"])
            .where("follows.site_id", "=", site)
            .where("follows.page_id", "=", row.page_id)
            .where("follows.follower_id", ">", about["after"] ?? "")
            .where("follows.confirmed", "=", 1)
            .orderBy("follows.follower_id")
            .limit(AT_ONCE),
        ),
      )
    : [];
  const author = row?.email.toLowerCase();
  const answered = parent?.email.toLowerCase() ?? "";
  for (const reader of rows) {
    if (reader.lower_email === author) continue;
    const letters = lettersTo(cx, letter, reader, reader.lower_email === answered);
    yield* addLetters(cx, letters);
    if (letters[0]?.kind === "digest") yield* addDigestLine(cx, site, reader.id, comment);
  }
  const more = rows.length === AT_ONCE;
  const set = more ? { about: JSON.stringify({ ...about, after: rows.at(-1)!.id }), due_at: cx.now() } : { state: "done" };
  yield* run(once(db.updateTable("letters").set(set).where("site_id", "=", site).where("key", "=", key)));
  return more;
}

function* addDigestLine({ dialect: { db, id } }: Context, site: number, follower: string, comment: string): Steps<void> {
  yield* run(
    once(
      db
        .insertInto("digest_lines")
        .values({ site_id: site, follower_id: follower, comment_id: id.toDb(comment) })
        .onConflict((c) => c.columns(["site_id", "follower_id", "comment_id"]).doNothing()),
    ),
  );
}

/** One day's or one week's letter for all that is gathered, so that its key is that day's. */
function lettersTo({ now }: Context, { site, about }: Letter, reader: Waiting, answers: boolean): NewLetter[] {
  const { id, email: to, lang, often } = reader;
  const base = { site, to, lang, expiresAt: now() + NEWS_MS };
  const comment = about["comment"] ?? "";
  if (answers) return [{ ...base, key: `answer ${comment} ${id}`, kind: "answer", about: { comment, follower: id }, dueAt: now() }];
  if (often === "answers") return [];
  if (often === "instantly") return [{ ...base, key: `new ${comment} ${id}`, kind: "new", about: { comment, follower: id }, dueAt: now() }];
  const span = often === "weekly" ? 7 * DAY : DAY;
  const dueAt = (Math.floor(now() / span) + 1) * span;
  return [{ ...base, key: `digest ${id} ${dueAt}`, kind: "digest", about: { follower: id }, dueAt }];
}

export function* digestOf({ dialect: { db, id } }: Context, site: number, follower: string, limit: number): Steps<string[]> {
  const rows = yield* all(
    once(
      db
        .selectFrom("digest_lines")
        .select("comment_id")
        .where("site_id", "=", site)
        .where("follower_id", "=", follower)
        .orderBy("comment_id")
        .limit(limit),
    ),
  );
  return rows.map((row) => id.toText(row.comment_id));
}
