import { describe, expect, it } from "vitest";
import type { ReaderLink } from "../../server/store/own-things.ts";
import type { Often } from "../../server/store/mail.ts";
import type { Engine } from "./engines.ts";
import { at, newId, newLog, newRow, put } from "./rows.ts";
import { subject } from "./subject.ts";

const DAY = 86_400_000;

/** What every engine promises of readers' own things. */
export function ownThingsContract(engine: Engine): void {
  const on = subject(engine);
  const newAccount = async (name = "Anna", site = 1) =>
    (
      await on.store.keepAccount(
        { site, id: newId(), provider: "work", name, email: "", emailVerified: false, createdAt: on.now },
        `${name} ${site}`,
      )
    ).id;
  const link = (more: Partial<ReaderLink>): ReaderLink => ({
    site: 1,
    hash: "h",
    purpose: "open",
    account: newId(),
    email: "",
    expiresAt: on.now + DAY,
    ...more,
  });
  const listed = async (account: string, after?: string, site = 1) =>
    (await on.store.commentsOf({ site, account, after, limit: 2 })).map(({ row }) => row.id);

  describe("comments of an account", () => {
    it("are listed the newest first, across pages, whatever became of them, until they are deleted for good", async () => {
      const [anna, ben] = [await newAccount(), await newAccount("Ben")];
      const first = await put(on.store, null, { account: anna });
      await put(on.store, first.id, { account: ben });
      await put(on.store);
      const second = await put(on.store, null, { account: anna, pageKey: "blog.example/b", status: "held" });
      const third = await put(on.store, null, { account: anna, status: "spam" });
      expect((await on.store.comment(1, first.id))?.account).toBe(anna);
      expect(
        (await on.store.threads({ site: 1, page: 1, sort: "oldest", threads: 9, comments: 9 })).rows.map((row) => row.account),
      ).toEqual([anna, ben, null]);
      expect(await listed(anna)).toEqual([third.id, second.id]);
      expect(await listed(anna, second.id)).toEqual([first.id]);
      expect(await listed(anna, undefined, 2)).toEqual([]);
      expect((await on.store.commentsOf({ site: 1, account: anna, limit: 9 })).map(({ page }) => page.key)).toEqual([
        "blog.example/a",
        "blog.example/b",
        "blog.example/a",
      ]);
      await on.store.purge(at(first.id, third.id), newLog("purge"));
      expect(await listed(anna)).toEqual([second.id]);
    });

    it("that a guest wrote are claimed by the e-mail they were written with, and no others", async () => {
      const [anna, ben] = [await newAccount(), await newAccount("Ben")];
      const mine = await put(on.store, null, { email: "Anna@Reader.example" });
      const others = [
        await put(on.store, null, { email: "anna@reader.example.org" }),
        await put(on.store, null, { email: "anna@reader.example", account: ben }),
        await put(on.store, null, { email: "anna@reader.example", role: "Owner" }),
      ];
      const ids = [mine, ...others].map(({ id }) => id);
      const claim = { site: 1, account: anna, email: "anna@reader.EXAMPLE", ids: [...ids, newId()] };
      expect(await on.store.claimComments({ ...claim, site: 2 })).toBe(0);
      expect(await on.store.claimComments(claim)).toBe(1);
      expect(await on.store.claimComments(claim)).toBe(0);
      expect(await listed(anna)).toEqual([mine.id]);
    });

    it("are made nobody's, with all that told who wrote them, and readers are told of the new name", async () => {
      const [anna, ben] = [await newAccount(), await newAccount("Ben")];
      const more = { name: "Anna", email: "anna@reader.example", website: "https://anna.example/" };
      const mine = await put(on.store, null, { ...more, account: anna });
      const theirs = await put(on.store, null, { ...more, account: ben });
      await on.store.edit(1, mine.id, { source: "Better", editedAt: on.now }, newLog("edit"));
      const before = (await on.page()).version;
      const given = { site: 1, account: anna, ids: [mine.id, theirs.id, newId()], name: "Anonymous" };
      expect(await on.store.anonymise(given, newLog("edit"))).toBe(1);
      const row = await on.store.comment(1, mine.id);
      expect(row).toMatchObject({ name: "Anonymous", email: "", website: "", account: null, ipHash: null, source: "Better" });
      expect(row!.version).toBeGreaterThan(before);
      expect(await on.store.revisions(1, mine.id)).toEqual([]);
      expect(await on.store.hasApproved(1, more.email, "Anna")).toBe(true);
      await on.store.purge(at(theirs.id), newLog("purge"));
      expect(await on.store.hasApproved(1, more.email, "Anna")).toBe(false);
      expect((await on.store.queue({ search: "anna", sort: "oldest", limit: 9 })).rows).toEqual([]);
      expect((await on.page()).counts.approved).toBe(1);
    });
  });

  describe("a link of a reader", () => {
    it("is used once, for what it was made for, on its own site and within its time", async () => {
      const kept = link({ purpose: "email", email: "anna@reader.example" });
      await on.store.addReaderLink(kept);
      await on.store.addReaderLink(link({ hash: "late", expiresAt: on.now + 10 }));
      expect(await on.store.readerLink(1, "h")).toEqual(kept);
      expect(await on.store.readerLink(2, "h")).toBeNull();
      expect(await on.store.useReaderLink(2, "h", "email")).toBeNull();
      expect(await on.store.useReaderLink(1, "h", "erase")).toBeNull();
      const used = await Promise.all([1, 2, 3].map(() => on.store.useReaderLink(1, "h", "email")));
      expect(used.filter(Boolean)).toEqual([kept]);
      on.now += 10;
      expect(await on.store.useReaderLink(1, "late", "open")).toBeNull();
      await on.store.sweep(on.now, 0);
    });
  });

  describe("an account", () => {
    it("has the address that a letter proved to be its reader's, whatever its provider says at the next sign-in", async () => {
      const anna = await newAccount();
      expect(await on.store.account(1, anna)).toMatchObject({ name: "Anna", email: "", emailVerified: false, confirmed: "" });
      expect(await on.store.account(2, anna)).toBeNull();
      await on.store.confirmEmail(1, anna, "anna@reader.example");
      expect(await newAccount()).toBe(anna);
      expect((await on.store.accountOfEmail(1, "ANNA@reader.example", "none"))?.id).toBe(anna);
      expect(await on.store.accountOfEmail(2, "anna@reader.example", "none")).toBeNull();
      const byMail = {
        site: 1,
        id: newId(),
        provider: "email",
        name: "",
        email: "anna@reader.example",
        emailVerified: true,
        createdAt: on.now,
      };
      const { id } = await on.store.keepAccount(byMail, "by mail");
      expect((await on.store.accountOfEmail(1, "anna@reader.example", "by mail"))?.id).toBe(id);
      expect(await on.store.account(1, anna)).toMatchObject({ email: "anna@reader.example", emailVerified: true });
      expect(await on.store.identitiesOf(1, anna)).toEqual([{ provider: "work", subject: "Anna 1" }]);
    });

    it("ends all its sessions at once, and no other's", async () => {
      const [anna, ben] = [await newAccount(), await newAccount("Ben")];
      const session = (hash: string, account: string, createdAt: number) =>
        on.store.addReaderSession({ site: 1, hash, account, createdAt, expiresAt: on.now + DAY });
      await session("a", anna, on.now);
      await session("b", anna, on.now + 1);
      await session("c", ben, on.now);
      expect((await on.store.readerSessions(1, anna)).map(({ hash }) => hash)).toEqual(["b", "a"]);
      await on.store.removeReaderSessions(1, anna);
      expect(await on.store.readerSessions(1, anna)).toEqual([]);
      expect(await on.store.readerSession(1, "c")).not.toBeNull();
    });

    const following = (id: string, email: string, often: Often = "instantly") => {
      const base = { site: 1, key: "", to: email, lang: "en", about: {}, dueAt: on.now, expiresAt: on.now + DAY };
      return { letters: [], follow: { id, email, lang: "en", often, confirm: { ...base, kind: "confirm" as const } } };
    };

    it("goes with its sessions, passkeys, links and letters; an address that is not proven to be its reader's keeps what was confirmed", async () => {
      const anna = await newAccount();
      await on.store.addReaderSession({ site: 1, hash: "s", account: anna, createdAt: on.now, expiresAt: on.now + DAY });
      await on.store.addReaderLink(link({ account: anna }));
      await on.store.addReaderPasskey({ site: 1, id: "p", account: anna, publicKey: "k", counter: 0, transports: [], createdAt: on.now });
      for (const name of ["mine", "theirs", "asked"]) await on.store.add(newRow(), [], following(name, `${name}@Reader.example`));
      for (const name of ["mine", "theirs"]) await on.store.confirmFollows(1, name);
      expect(await on.store.followerOf(1, "MINE@reader.example")).toBe("mine");
      expect(await on.store.followerOf(2, "mine@reader.example")).toBeNull();
      expect(await on.store.lettersTo(1, "mine@READER.example")).toEqual([{ kind: "confirm", createdAt: on.now }]);
      const addresses = [
        { email: "mine@reader.example", proven: true },
        { email: "theirs@reader.example", proven: false },
        { email: "asked@reader.example", proven: false },
      ];
      await on.store.removeAccount({ site: 2, account: anna, addresses });
      expect(await on.store.account(1, anna)).not.toBeNull();
      await on.store.removeAccount({ site: 1, account: anna, addresses });
      expect(await on.store.account(1, anna)).toBeNull();
      expect(await on.store.identitiesOf(1, anna)).toEqual([]);
      expect(await on.store.readerSession(1, "s")).toBeNull();
      expect(await on.store.readerLink(1, "h")).toBeNull();
      expect(await on.store.readerPasskey(1, "p")).toBeNull();
      const left = [];
      for (const name of ["mine", "theirs", "asked"]) {
        const email = `${name}@reader.example`;
        left.push([await on.store.followerOf(1, email), (await on.store.lettersTo(1, email)).length]);
      }
      expect(left).toEqual([
        [null, 0],
        ["theirs", 1],
        [null, 0],
      ]);
      expect(await newAccount()).not.toBe(anna);
    });
  });
}
