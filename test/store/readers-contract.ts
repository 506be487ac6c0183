import { describe, expect, it } from "vitest";
import type { Account, ReaderPasskey, SignIn } from "../../server/store/readers.ts";
import type { Picture } from "../../server/store/pictures.ts";
import type { Engine } from "./engines.ts";
import { newId, put } from "./rows.ts";
import { subject } from "./subject.ts";

const DAY = 86_400_000;

/** What every engine promises of readers who sign in. */
export function readersContract(engine: Engine): void {
  const on = subject(engine);
  const account = (name: string): Account => ({
    site: 1,
    id: newId(),
    provider: "work",
    name,
    email: "",
    emailVerified: false,
    createdAt: on.now,
  });

  describe("an account", () => {
    it("is one for a subject, under the name that it has today; another subject of the same name is another", async () => {
      const first = await on.store.keepAccount(account("Anna"), "a");
      expect((await on.store.keepAccount(account("Anna Figure"), "a")).id).toBe(first.id);
      expect((await on.store.keepAccount(account("Anna Figure"), "b")).id).not.toBe(first.id);
    });

    it("is another on each site, and another for each provider", async () => {
      const ids = new Set();
      for (const of of [{}, { site: 2 }, { provider: "home" }])
        ids.add((await on.store.keepAccount({ ...account("Anna"), ...of }, "a")).id);
      expect(ids.size).toBe(3);
    });

    it("is found by its identity, and has the role that was said last, or none", async () => {
      const { id } = await on.store.keepAccount({ ...account("Anna"), role: "Staff" }, "a");
      expect(await on.store.accountOf(1, "work", "a")).toMatchObject({ id, name: "Anna", role: "Staff" });
      for (const [site, provider, of] of [
        [2, "work", "a"],
        [1, "home", "a"],
        [1, "work", "b"],
      ] as const)
        expect(await on.store.accountOf(site, provider, of)).toBeNull();
      await on.store.keepAccount(account("Anna"), "a");
      expect(await on.store.accountOf(1, "work", "a")).not.toHaveProperty("role");
    });
  });

  describe("a verified e-mail", () => {
    it("is known on its own site, whatever its case, and only while the provider vouches for it", async () => {
      await on.store.keepAccount({ ...account("Anna"), email: "Anna@reader.example", emailVerified: true }, "a");
      await on.store.keepAccount({ ...account("Ben"), email: "ben@reader.example" }, "b");
      expect(await on.store.hasVerifiedEmail(1, "aNNa@reader.example")).toBe(true);
      expect(await on.store.hasVerifiedEmail(2, "anna@reader.example")).toBe(false);
      expect(await on.store.hasVerifiedEmail(1, "ben@reader.example")).toBe(false);
      const { id } = await on.store.keepAccount({ ...account("Dora"), email: "dora@reader.example" }, "d");
      await on.store.confirmEmail(1, id, "dora@home.example");
      expect(await on.store.hasVerifiedEmail(1, "Dora@home.example")).toBe(true);
      expect(await on.store.hasVerifiedEmail(1, "dora@reader.example")).toBe(false);
      expect(await on.store.hasVerifiedEmail(1, "")).toBe(false);
      await on.store.keepAccount({ ...account("Anna"), email: "Anna@reader.example" }, "a");
      expect(await on.store.hasVerifiedEmail(1, "anna@reader.example")).toBe(false);
    });
  });

  describe("a picture", () => {
    const picture = (digest: string, more: Partial<Picture> = {}): Picture => {
      const bytes = Buffer.from(`\0\xff ${digest}`, "latin1");
      return { site: 1, whose: "anna", digest, type: "image/png", bytes, expiresAt: on.now + DAY, ...more };
    };

    it("is found by whose it is and by its digest on its own site, takes the former's place, and is swept", async () => {
      await on.store.keepPicture(picture("a"), []);
      await on.store.keepPicture(picture("b"), []);
      await on.store.keepPicture(picture("c", { site: 2 }), []);
      expect(await on.store.picturesOf(1, ["anna", "ben"])).toEqual(new Map([["anna", { digest: "b", expiresAt: on.now + DAY }]]));
      expect(await on.store.picture(1, "a")).toBeNull();
      expect(await on.store.picture(1, "b")).toEqual({ type: "image/png", bytes: picture("b").bytes });
      expect(await on.store.picture(1, "c")).toBeNull();
      await on.store.sweep(on.now + DAY, 0);
      expect(await on.store.picture(1, "b")).toBeNull();
    });

    it("tells the pages that show it, where it is another than before", async () => {
      const told: unknown[] = [];
      const stop = on.store.onChange((change) => told.push(change));
      await on.store.keepPicture(picture("a"), ["blog.example/a"]);
      await on.store.keepPicture(picture("a", { expiresAt: on.now + 2 * DAY }), ["blog.example/a"]);
      expect(told).toEqual([{ site: 1, key: "blog.example/a" }]);
      const { id } = await on.store.keepAccount(account("Ben"), "b");
      await on.store.keepPicture(picture("b", { whose: id }), "own");
      expect(told).toHaveLength(1);
      for (let i = 0; i < 2; i++) await put(on.store, null, { account: id, pageKey: "blog.example/b" });
      told.length = 0;
      await on.store.keepPicture(picture("c", { whose: id }), "own");
      expect(told).toEqual([{ site: 1, key: "blog.example/b" }]);
      await on.store.removeAccount({ site: 1, account: id, addresses: [] });
      expect((await on.store.picturesOf(1, [id])).size).toBe(0);
      stop();
    });
  });

  describe("a session of a reader", () => {
    it("is found by the hash of its token on its own site, until it is ended or swept", async () => {
      const { id } = await on.store.keepAccount(account("Anna"), "a");
      const session = { site: 1, hash: "h", account: id, createdAt: on.now, expiresAt: on.now + DAY };
      await on.store.addReaderSession(session);
      expect(await on.store.readerSession(1, "h")).toMatchObject({ session, account: { id, name: "Anna" } });
      expect(await on.store.readerSession(2, "h")).toBeNull();
      await on.store.extendReaderSession(1, "h", on.now + 2 * DAY);
      await on.store.sweep(on.now + DAY, 0);
      expect((await on.store.readerSession(1, "h"))?.session.expiresAt).toBe(on.now + 2 * DAY);
      await on.store.sweep(on.now + 2 * DAY, 0);
      expect(await on.store.readerSession(1, "h")).toBeNull();
      await on.store.addReaderSession(session);
      await on.store.removeReaderSession(1, "h");
      expect(await on.store.readerSession(1, "h")).toBeNull();
    });
  });

  describe("a sign-in under way", () => {
    it("is moved on by one of those who try at once", async () => {
      const signIn: SignIn = { site: 1, hash: "h", step: "started", held: "{}", expiresAt: on.now + 60_000 };
      await on.store.addSignIn(signIn);
      const moved = await Promise.all([1, 2, 3].map(() => on.store.moveSignIn({ ...signIn, step: "sent" }, "started")));
      expect(moved.filter(Boolean)).toHaveLength(1);
      expect((await on.store.signIn(1, "h"))?.step).toBe("sent");
      await on.store.sweep(on.now + 60_000, 0);
      expect(await on.store.signIn(1, "h")).toBeNull();
    });

    it("is begun by one of those who try at once, and may be given more time by a step", async () => {
      const signIn: SignIn = { site: 1, hash: "h", step: "sent", held: "{}", expiresAt: on.now + 60_000 };
      const begun = await Promise.all([1, 2, 3].map(() => on.store.addSignIn(signIn)));
      expect(begun.filter(Boolean)).toHaveLength(1);
      expect(await on.store.addSignIn({ ...signIn, site: 2 })).toBe(true);
      await on.store.moveSignIn({ ...signIn, held: "{1}", expiresAt: on.now + 90_000 }, "sent");
      await on.store.sweep(on.now + 60_000, 0);
      expect(await on.store.signIn(1, "h")).toMatchObject({ held: "{1}", expiresAt: on.now + 90_000 });
    });
  });

  describe("a reader's passkey", () => {
    it("is found by its id on its own site, with whose it is, and is nobody else's to add or remove", async () => {
      const [anna, ben] = [await on.store.keepAccount(account("Anna"), "a"), await on.store.keepAccount(account("Ben"), "b")];
      const passkey: ReaderPasskey = {
        site: 1,
        id: "key",
        account: anna.id,
        publicKey: "cose",
        counter: 0,
        transports: ["internal"],
        createdAt: on.now,
      };
      expect(await on.store.addReaderPasskey(passkey)).toBe(true);
      expect(await on.store.addReaderPasskey({ ...passkey, account: ben.id })).toBe(false);
      expect(await on.store.readerPasskey(1, "key")).toMatchObject({ passkey, account: { id: anna.id, name: "Anna" } });
      expect(await on.store.readerPasskey(2, "key")).toBeNull();
      await on.store.useReaderPasskey(1, "key", 7);
      expect(await on.store.readerPasskeys(1, anna.id)).toEqual([{ ...passkey, counter: 7 }]);
      expect(await on.store.removeReaderPasskey(1, ben.id, "key")).toBe(false);
      expect(await on.store.removeReaderPasskey(1, anna.id, "key")).toBe(true);
      expect(await on.store.readerPasskeys(1, anna.id)).toEqual([]);
    });
  });
}
