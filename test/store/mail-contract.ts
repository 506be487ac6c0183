import { describe, expect, it } from "vitest";
import type { Going, NewLetter, Often } from "../../server/store/mail.ts";
import type { Engine } from "./engines.ts";
import { at, newId, newLog, newRow, put } from "./rows.ts";
import { subject } from "./subject.ts";

const DAY = 86_400_000;

/** What every engine promises of letters and of those who asked for them. */
export function mailContract(engine: Engine): void {
  const on = subject(engine);
  const letter = (key: string, more: Partial<NewLetter> = {}): NewLetter => ({
    site: 1,
    key,
    kind: "test",
    to: "ada@reader.example",
    lang: "en",
    about: {},
    dueAt: on.now,
    expiresAt: on.now + DAY,
    ...more,
  });
  const due = async () => (await on.store.lettersDue(1, 9)).map(({ key }) => key);
  const following = (id: string, email: string, often: Often = "instantly"): Going => ({
    letters: [],
    follow: { id, email, lang: "de", often, confirm: letter("", { kind: "confirm", to: email }) },
  });

  describe("the outbox", () => {
    it("is one server's at a time, until its lease is over", async () => {
      await on.store.addLetters([letter("a"), letter("a"), letter("b", { dueAt: on.now + 10 })]);
      expect(await on.store.sitesWithLettersDue(9)).toEqual([1]);
      expect(await due()).toEqual(["a"]);
      expect(await on.store.leaseLetters(1, "one", on.now + 100)).toBe(true);
      expect(await on.store.leaseLetters(1, "two", on.now + 100)).toBe(false);
      expect(await on.store.beginLetter({ site: 1, key: "a" }, "two", on.now + 50)).toBe(false);
      expect(await on.store.beginLetter({ site: 1, key: "a" }, "one", on.now + 50)).toBe(true);
      expect(await on.store.beginLetter({ site: 1, key: "a" }, "one", on.now + 50)).toBe(false);
      on.now += 100;
      expect(await on.store.beginLetter({ site: 1, key: "a" }, "one", on.now + 50)).toBe(false);
      expect(await on.store.leaseLetters(1, "two", on.now + 100)).toBe(true);
      await on.store.releaseLetters(1, "one");
      expect(await on.store.leaseLetters(1, "one", on.now + 100)).toBe(false);
      await on.store.releaseLetters(1, "two");
      expect(await on.store.leaseLetters(1, "one", on.now + 100)).toBe(true);
    });

    it("puts off, gives up and takes up again, and forgets the address of what was sent", async () => {
      await on.store.addLetters([letter("a"), letter("b"), letter("c")]);
      await on.store.putLetterOff({ site: 1, key: "c" }, on.now + 500);
      await on.store.letterFailed({ site: 1, key: "a" }, "no", true);
      await on.store.letterFailed({ site: 1, key: "b" }, "later", false);
      expect(await due()).toEqual(["b"]);
      expect(await on.store.letterCounts()).toEqual({ waiting: 2, givenUp: 1, oldest: on.now });
      expect(await on.store.lettersGivenUp(9)).toMatchObject([{ key: "a", error: "no", to: "ada@reader.example" }]);
      expect(await on.store.retryLetters({ site: 1, key: "b" })).toBe(0);
      expect(await on.store.retryLetters({ site: 1, key: "a" })).toBe(1);
      expect(await on.store.retryLetters(null)).toBe(0);
      const [first] = await on.store.lettersDue(1, 9);
      await on.store.letterSent(first!, []);
      await on.store.addLetters([letter(first!.key)]);
      expect(await due()).toHaveLength(1);
      on.now += 2 * DAY;
      await on.store.sweep(on.now, 0);
      expect(await on.store.letterCounts()).toEqual({ waiting: 0, givenUp: 0, oldest: null });
    });

    it("is written with the comment or not at all", async () => {
      const row = newRow();
      const claim = { kind: "token", hash: "f".repeat(64), expiresAt: on.now + DAY } as const;
      const going = { letters: [letter("", { kind: "posted", about: { owner: "o" } })], follow: null };
      expect(await on.store.add(row, [claim], going)).toMatchObject({ ok: true });
      expect(await on.store.add(newRow(), [claim], going)).toMatchObject({ ok: false });
      expect((await due()).toSorted()).toEqual([`posted ${row.id} o`, `public ${row.id}`]);
      await put(on.store);
      expect(await due()).toHaveLength(2);
    });
  });

  describe("those who follow a page", () => {
    it("hear once confirmed: of answers apart, at once or gathered, and never of themselves", async () => {
      const asked = newRow(null, { email: "Ada@reader.example" });
      await on.store.add(asked, [], following("ada", "Ada@reader.example", "answers"));
      await on.store.add(newRow(null, { email: "bo@reader.example" }), [], following("bo", "bo@reader.example"));
      await on.store.add(newRow(null, { email: "cy@reader.example" }), [], following("cy", "cy@reader.example", "weekly"));
      await on.store.add(newRow(null, { email: "ADA@reader.example" }), [], following("ada2", "ADA@reader.example"));
      expect(await on.store.follower(1, "ada2")).toBeNull();
      expect(await on.store.follower(1, "ada")).toMatchObject({
        follower: { email: "Ada@reader.example", lang: "de" },
        follows: [{ often: "answers", confirmed: false, title: "A page" }],
      });
      const confirm = (await on.store.lettersDue(1, 99)).find(({ kind }) => kind === "confirm");
      expect(confirm).toMatchObject({ to: "Ada@reader.example", about: { follower: "ada" } });
      for (const id of ["ada", "bo", "cy"]) await on.store.confirmFollows(1, id);
      const answer = newRow(asked.id, { email: "bo@reader.example" });
      await on.store.add(answer, [], { letters: [], follow: null });
      const told = (await on.store.lettersDue(1, 99)).find(({ key }) => key === `public ${answer.id}`)!;
      expect(await on.store.spreadLetter(told)).toBe(false);
      const letters = (await on.store.lettersDue(1, 99)).filter(({ about }) => about["comment"] === answer.id);
      expect(letters).toMatchObject([{ kind: "answer", to: "Ada@reader.example" }]);
      expect(await on.store.digestOf(1, "cy", 9)).toEqual([answer.id]);
      await on.store.letterSent({ ...told, about: { follower: "cy" } }, [answer.id]);
      expect(await on.store.digestOf(1, "cy", 9)).toEqual([]);
    });

    it("are told when a held comment is let through, once, and a site without mail writes nothing", async () => {
      const held = await put(on.store, null, { status: "held" });
      await on.store.setStatus(at(held.id), "approved", null, newLog());
      expect(await due()).toEqual([]);
      for (const [to, tell] of [
        ["held", true],
        ["approved", true],
        ["held", true],
        ["approved", true],
      ] as const)
        await on.store.setStatus(at(held.id), to, null, newLog(), tell);
      expect(await due()).toEqual([`public ${held.id}`]);
      const old = await put(on.store, null, { status: "held", id: newId(), createdAt: on.now - 40 * DAY });
      await on.store.setStatus(at(old.id), "approved", null, newLog(), true);
      expect(await due()).toHaveLength(1);
    });

    it("change how often, and are forgotten when they stop", async () => {
      await on.store.add(newRow(), [], following("ada", "ada@reader.example"));
      await on.store.add(newRow(null, { pageKey: "blog.example/b" }), [], following("ada", "ada@reader.example"));
      await on.store.setFollow(1, "ada", 1, "daily");
      expect((await on.store.follower(1, "ada"))?.follows.map(({ often }) => often)).toEqual(["daily", "instantly"]);
      await on.store.endFollow(1, "ada", 1);
      expect((await on.store.follower(1, "ada"))?.follows).toMatchObject([{ page: 2 }]);
      await on.store.endFollow(1, "ada", null);
      expect(await on.store.follower(1, "ada")).toBeNull();
    });
  });
}
