import { describe, expect, it } from "vitest";
import type { StoreChange } from "../../server/store/records.ts";
import type { WayRow } from "../../server/store/ways.ts";
import type { Engine } from "./engines.ts";
import { newId, newLog } from "./rows.ts";
import { subject } from "./subject.ts";

/** What every engine promises of a site's ways in. */
export function waysContract(engine: Engine): void {
  const on = subject(engine);
  const way = (more: Partial<WayRow> = {}): WayRow => ({
    site: 1,
    id: "1-oidc",
    kind: "oidc",
    label: "Figures",
    issuer: "https://login.example",
    client: "comments",
    secret: "sealed",
    on: true,
    place: 0,
    ...more,
  });
  const ids = async (site = 1) => (await on.store.ways(site)).map(({ id }) => id);

  describe("a site's ways in", () => {
    it("are kept as they were given, by their place, each site's apart; an id is taken once", async () => {
      expect(await on.store.addWay(way({ id: "b", place: 1, on: false }), newLog("site"))).toBe(true);
      expect(await on.store.addWay(way({ id: "a", place: 2 }), newLog("site"))).toBe(true);
      expect(await on.store.addWay(way({ site: 2, id: "a" }), newLog("site"))).toBe(true);
      expect(await on.store.addWay(way({ id: "a", label: "Another" }), newLog("site"))).toBe(false);
      expect(await on.store.ways(1)).toEqual([way({ id: "b", place: 1, on: false }), way({ id: "a", place: 2 })]);
      expect(await on.store.ways(2)).toEqual([way({ site: 2, id: "a" })]);
      const order = [{ id: "a", kind: "oidc", on: true }, ...["github", "b"].map((id) => ({ id, kind: "", on: false }))];
      await on.store.orderWays(1, order, newLog("site"));
      expect(await ids()).toEqual(["a", "github", "b"]);
      expect(await on.store.ways(1)).toContainEqual(way({ id: "b", place: 2, on: false }));
      await on.store.orderWays(1, [{ id: "gone", kind: "oidc", on: true }], newLog("site"));
      expect(await ids()).toEqual(["a", "github", "b"]);
    });

    it("change where they stand, and only in what is given", async () => {
      await on.store.addWay(way(), newLog("site"));
      await on.store.addWay(way({ site: 2 }), newLog("site"));
      const patch = { label: "Work", issuer: "https://work.example", client: "c", secret: "s", on: false };
      expect(await on.store.changeWay(1, "1-oidc", patch, newLog("site"))).toBe(true);
      expect(await on.store.changeWay(1, "1-oidc", { on: true }, newLog("site"))).toBe(true);
      expect(await on.store.ways(1)).toEqual([way({ ...patch, on: true })]);
      expect(await on.store.ways(2)).toEqual([way({ site: 2 })]);
      expect(await on.store.changeWay(1, "none", { on: true }, newLog("site"))).toBe(false);
    });

    it("are told of to all who keep pages ready, and noted in the log of the site", async () => {
      const heard: StoreChange[] = [];
      const stop = on.store.onChange((change) => heard.push(change));
      await on.store.addWay(way(), { ...newLog("site"), note: "added" });
      await on.store.changeWay(1, "1-oidc", { on: false }, { ...newLog("site"), note: "changed" });
      await on.store.orderWays(1, [{ id: "1-oidc", kind: "oidc", on: true }], { ...newLog("site"), note: "ordered" });
      await on.store.removeWay(1, "1-oidc", { ...newLog("site"), note: "removed" });
      expect(heard).toEqual(["all", "all", "all", "all"]);
      stop();
      const log = await on.store.log({ site: 1, limit: 10 });
      expect(log.flatMap(({ note }) => note ?? [])).toEqual(["removed", "ordered", "changed", "added"]);
    });

    it("take those with them who came in by them, and nobody else; and go with their site", async () => {
      const account = { site: 1, name: "Anna", email: "", emailVerified: false, createdAt: on.now };
      const sessionOf = async (site: number, provider: string, hash: string) => {
        const { id } = await on.store.keepAccount({ ...account, site, id: newId(), provider }, hash);
        await on.store.addReaderSession({ site, hash, account: id, createdAt: on.now, expiresAt: on.now + 1_000 });
      };
      await on.store.addWay(way(), newLog("site"));
      await on.store.addWay(way({ site: 2 }), newLog("site"));
      await sessionOf(1, "1-oidc", "own");
      await sessionOf(1, "github", "other");
      await sessionOf(2, "1-oidc", "elsewhere");
      expect(await on.store.removeWay(1, "1-oidc", newLog("site"))).toBe(true);
      expect(await on.store.removeWay(1, "1-oidc", newLog("site"))).toBe(false);
      expect(await on.store.readerSession(1, "own")).toBeNull();
      expect(await on.store.readerSession(1, "other")).not.toBeNull();
      expect(await on.store.readerSession(2, "elsewhere")).not.toBeNull();
      await on.store.addWay(way(), newLog("site"));
      await on.store.removeSite(1, newLog("site"));
      expect(await ids()).toEqual([]);
    });
  });
}
