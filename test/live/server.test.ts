import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as v from "valibot";
import { LiveEvent } from "../../server/wire/live.ts";
import { ORIGIN, PAGE } from "../server/setup.ts";
import { listen } from "./listen.ts";
import { type LiveServer, liveServer, until } from "./live-server.ts";

let server: LiveServer;
beforeEach(async () => void (server = await liveServer()));
afterEach(() => server.close());

const move = (to: "approved" | "held" | "trash", ...ids: string[]) =>
  server.services.store.setStatus(
    ids.map((id) => ({ site: server.site, id })),
    to,
    null,
    { id: server.services.newId(), at: 0, by: "owner", action: "status" },
  );

describe("a stream", () => {
  it("says what its description says, to the member", async () => {
    const stream = await server.follow({ after: 0 });
    const first = await server.say("First.");
    const { data: told } = await stream.next();
    await server.say("Second.", { parent: first });
    const { data: answered } = await stream.next();
    await move("trash", first);
    const { data: hidden } = await stream.next();
    const far = await server.follow({ after: 99 });
    for (const data of [told, answered, hidden, (await far.next()).data]) expect(v.parse(LiveEvent, data)).toEqual(data);
    stream.close();
    far.close();
  });

  it("is for pages of the site and for those without an origin, and is refused before it begins to all others", async () => {
    for (const headers of [{ origin: ORIGIN }, {}] as Record<string, string>[]) {
      const stream = await server.follow({}, headers);
      expect(stream.status).toBe(200);
      expect(stream.headers["content-type"]).toBe("text/event-stream");
      expect(stream.headers["x-accel-buffering"]).toBe("no");
      expect(stream.headers["cache-control"]).toContain("no-store");
      expect(stream.headers["x-content-type-options"]).toBe("nosniff");
      expect(stream.headers["x-request-id"]).toBeTruthy();
      expect(stream.headers.vary).toContain("Origin");
      expect(stream.headers["access-control-allow-origin"]).toBe(headers["origin"]);
      stream.close();
    }
    expect((await server.follow({}, { origin: "https://evil.example" })).status).toBe(403);
    expect((await server.follow({ url: "https://evil.example/post" })).status).toBe(403);
    expect((await server.follow({ url: "nonsense" })).status).toBe(422);
  });

  it("follows several pages, each from its own version, and leaves out those that the asker may not follow", async () => {
    const other = `${PAGE}/other`;
    await server.say("One.");
    await server.say("Two.", { url: other });
    await server.say("Three.", { url: other });
    const follow = (...pairs: [string, string][]) =>
      listen(`${server.url}/api/v1/live?${new URLSearchParams(pairs)}`, { origin: ORIGIN, "last-event-id": "7" });
    const stream = await follow(
      ["url", PAGE],
      ["after", "0"],
      ["url", "https://evil.example/"],
      ["after", "0"],
      ["url", other],
      ["after", "1"],
    );
    const told = [await stream.next(), await stream.next()].map(({ data }) => [data.page.url, data.since, data.comments.length]);
    expect(told).toEqual([
      [PAGE, 0, 1],
      [other, 1, 1],
    ]);
    await server.say("Four.", { url: other });
    expect((await stream.next()).data.page).toMatchObject({ url: other, version: 3 });
    stream.close();
    await until(() => server.services.live.size().listeners === 0);
    expect((await follow(["url", "https://evil.example/"], ["url", "https://evil.example/2"])).status).toBe(403);
    expect((await follow(["url", PAGE], ["after", "0"], ["url", other])).status).toBe(422);
    expect((await follow(...Array.from({ length: 11 }, (_, n): [string, string] => ["url", `${PAGE}/${n}`]))).status).toBe(422);
  });

  it("is not to be had, and ends, where the site's owner turned it off", async () => {
    const stream = await server.follow();
    await server.set({ live: false });
    await stream.ended;
    expect((await server.follow()).status).toBe(404);
    expect(await (await fetch(`${server.url}/api/v1/thread?url=${encodeURIComponent(PAGE)}`)).json()).toMatchObject({
      site: { settings: { live: false } },
    });
  });

  it("tells of a comment, an answer, an edit, what is let through, hidden and shown again, and that the page is closed", async () => {
    const stream = await server.follow({ after: 0 });
    const first = await server.say("First.");
    expect(await stream.next()).toMatchObject({
      id: "1",
      data: { since: 0, page: { count: 1, version: 1, open: true }, comments: [{ id: first, name: "Anna", body: [[0, "First."]] }] },
    });
    const reply = await server.say("Second.", { parent: first, name: "Bo" });
    expect((await stream.next()).data).toMatchObject({ since: 1, comments: [{ id: reply, to: "Anna" }], replies: { [first]: 1 } });
    await server.set({ holdAll: true });
    const held = await server.say("Third.");
    const quiet = (await stream.next()).data;
    expect(quiet).toMatchObject({ comments: [], gone: [], page: { count: 2 } });
    expect(JSON.stringify(quiet)).not.toMatch(new RegExp(`${held}|Third`));
    await move("approved", held);
    expect((await stream.next()).data).toMatchObject({ comments: [{ id: held }], page: { count: 3 } });
    await move("trash", reply);
    expect((await stream.next()).data).toMatchObject({ comments: [], gone: [reply], replies: { [first]: 0 }, page: { count: 2 } });
    await move("approved", reply);
    expect((await stream.next()).data).toMatchObject({ comments: [{ id: reply }], gone: [] });
    await server.services.store.setPage(
      server.site,
      "blog.example/post",
      { open: false },
      { id: server.services.newId(), at: 0, by: "owner", action: "page" },
    );
    expect((await stream.next()).data).toMatchObject({ comments: [], page: { open: false, version: 7 } });
    stream.close();
  });

  it("goes on from the version that a reader has, by Last-Event-ID or by `after`, and without either from now", async () => {
    const [a, b, c] = [await server.say("A."), await server.say("B."), await server.say("C.")];
    const idsOf = async (query: { after?: number }, headers: Record<string, string>) => {
      const stream = await server.follow(query, headers);
      const { data, id } = await stream.next();
      stream.close();
      return [id, data.comments.map((comment) => comment.id)];
    };
    expect(await idsOf({ after: 0 }, {})).toEqual(["3", [a, b, c]]);
    expect(await idsOf({ after: 2 }, {})).toEqual(["3", [c]]);
    expect(await idsOf({ after: 0 }, { "last-event-id": "1" })).toEqual(["3", [b, c]]);
    const now = await server.follow();
    const d = await server.say("D.");
    expect((await now.next()).data).toMatchObject({ since: 3, comments: [{ id: d }] });
    expect(await server.version()).toBe(4);
    now.close();
  });

  it("tells everyone each version once and in order, whenever they came", async () => {
    const streams = [await server.follow({ after: 0 })];
    const said: string[] = [];
    for (let n = 0; n < 30; n++) {
      said.push(await server.say(`Number ${n}.`));
      streams.push(await server.follow({ after: n }));
    }
    for (const [n, stream] of streams.entries()) {
      // What has a version that the reader has is dropped, as the widget does.
      let version = Math.max(0, n - 1);
      const seen: string[] = [];
      while (version < 30) {
        const { data } = await stream.next();
        expect(data.since).toBeLessThanOrEqual(version);
        seen.push(...data.comments.filter((comment) => comment.version > version).map(({ id }) => id));
        version = Math.max(version, data.page.version);
      }
      expect(seen).toEqual(said.slice(Math.max(0, n - 1)));
      stream.close();
    }
    await until(() => server.services.live.size().channels === 0);
  });

  it("says to read anew where too much has changed, or where the version was never this page's", async () => {
    for (let n = 0; n < 101; n++) await server.say(`Number ${n}.`);
    for (const after of [0, 500]) {
      const stream = await server.follow({ after });
      expect(await stream.next()).toMatchObject({ id: "101", data: { reload: true, comments: [], gone: [], page: { version: 101 } } });
      stream.close();
    }
  });

  it("says to read anew, too, where few have said too much to send to all", async () => {
    for (let n = 0; n < 14; n++) await server.say(`${n} ${"and so on ".repeat(990)}`);
    const stream = await server.follow({ after: 0 });
    expect(await stream.next()).toMatchObject({ id: "14", data: { reload: true, comments: [], page: { version: 14 } } });
    stream.close();
  });

  it("is one event a comment, whatever stands in it (S-66)", async () => {
    const stream = await server.follow({ after: 0 });
    const body = 'Hello\n\ndata: {"page":{"version":99}}\n\nevent: message\r\rid: 7\r\n\r\nretry: 1\n\n:\u2028\u2029\u0085data: x';
    await server.say(body, { name: "Eve data: {}" });
    const { data, id } = await stream.next();
    expect(id).toBe("1");
    expect(JSON.stringify(data.comments[0]!.body)).toContain("data: {");
    const later = await server.say("Then this.");
    expect((await stream.next()).data.comments.map((comment) => comment.id)).toEqual([later]);
    expect(stream.text().match(/^(?:data|id):/gm)).toEqual(["id:", "data:", "id:", "data:"]);
    stream.close();
  });

  it("of one page hears nothing of another, nor of another site", async () => {
    const elsewhere = await server.follow({ url: `${ORIGIN}/other`, after: 0 });
    await server.say("Here.");
    const there = await server.say("There.", { url: `${ORIGIN}/other` });
    expect((await elsewhere.next()).data.comments.map(({ id }) => id)).toEqual([there]);
    elsewhere.close();
  });

  it("hears what another process wrote", async () => {
    const { openSqlite } = await import("../../server/store/sqlite/index.ts");
    const path = server.services.config.databaseUrl.replace("file:", "");
    await server.say("Here.");
    const stream = await server.follow();
    const other = await openSqlite({ path });
    const row = (await server.services.store.threads({ site: server.site, page: 1, sort: "oldest", threads: 1, comments: 1 })).rows[0]!;
    const id = server.services.newId();
    await other.add({ ...row, id, pageKey: "blog.example/post", pageTitle: "" }, []);
    expect((await stream.next()).data.comments.map((comment) => comment.id)).toEqual([id]);
    await other.close();
    stream.close();
  });

  it("leaves nothing behind when readers go, however abruptly", async () => {
    const streams = await Promise.all(Array.from({ length: 50 }, () => server.follow()));
    expect(server.services.live.size()).toEqual({ channels: 1, listeners: 50 });
    for (const stream of streams) stream.close();
    await until(() => server.services.live.size().listeners === 0);
    expect(server.services.live.size()).toEqual({ channels: 0, listeners: 0 });
  });

  it("answers HEAD without beginning one", async () => {
    const answer = await fetch(`${server.url}/api/v1/live?url=${encodeURIComponent(PAGE)}`, { method: "HEAD" });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
    expect(server.services.live.size().listeners).toBe(0);
  });
});

describe("stopping", () => {
  it("ends every stream with the time after which to come again, and they go on where they were (R-08, R-13)", async () => {
    const streams = await Promise.all(Array.from({ length: 40 }, () => server.follow({ after: 0 })));
    const first = await server.say("Before.");
    for (const stream of streams) expect((await stream.next()).data.comments[0]!.id).toBe(first);
    await server.stop();
    await Promise.all(streams.map((stream) => stream.ended));
    const waits = streams.map((stream) => Number(/retry: (\d+)\n\n$/.exec(stream.text())?.[1]));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(2_000);
    expect(new Set(waits).size).toBeGreaterThan(10);
    await server.start();
    const second = await server.say("After.");
    const back = await Promise.all(streams.map(() => server.follow({ after: 0 }, { "last-event-id": "1" })));
    for (const stream of back) expect((await stream.next()).data.comments.map(({ id }) => id)).toEqual([second]);
    for (const stream of back) stream.close();
  });
});
