import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase, within } from "../store/databases.ts";
import type { Listening } from "./listen.ts";
import { type LiveServer, liveServer } from "./live-server.ts";
import { ORIGIN } from "../server/setup.ts";

let database: TestDatabase;
let servers: [LiveServer, LiveServer, LiveServer];
beforeEach(async () => {
  database = await testDatabase();
  const config = { databaseUrl: database.url, secretKey: "a key for tests, which signs nothing of worth" };
  const first = await liveServer({ config });
  const beside = () => liveServer({ config, site: first.site });
  servers = [first, await beside(), await beside()];
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  await database.drop();
});

/** What a reader has, who drops what comes again as the widget does. */
class Reader {
  version = 0;
  readonly told: string[] = [];
  readonly wrong: string[] = [];

  /** Reads on until the page's version is there. */
  async readTo(version: number, stream: Listening): Promise<void> {
    while (this.version < version) {
      const { data, id } = await stream.next();
      if (data.since > this.version) this.wrong.push(`told of what came after ${data.since}, having ${this.version}`);
      if (data.reload) this.wrong.push("told to read anew");
      if (id !== String(data.page.version)) this.wrong.push(`${id} is not the version ${data.page.version}`);
      const fresh = data.comments.filter((comment) => comment.version > this.version);
      this.told.push(...fresh.toSorted((a, b) => a.version - b.version).map((comment) => comment.id));
      this.version = Math.max(this.version, data.page.version);
    }
  }
}

/** Cuts the connections on which the servers hear of each other, and no other. */
const deafen = () =>
  within(database.url, async (client) => {
    // All of them, which may just be coming again from the time before.
    for (let cut = 0; cut < servers.length;) {
      const { rowCount } = await client.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query = 'listen youfigure'",
      );
      cut += rowCount!;
    }
  });

describe("a reader who listens at one of several servers", () => {
  it("is told once and in order of what was written at the others", async () => {
    const [a, b, c] = servers;
    const stream = await b.follow({ after: 0 });
    const reader = new Reader();
    const said: string[] = [];
    for (let n = 0; n < 20; n++) said.push(await [a, c][n % 2]!.say(`Number ${n}.`));
    await reader.readTo(20, stream);
    expect(reader).toMatchObject({ told: said, wrong: [] });
    const together = await Promise.all(
      [a, b, c, a, b, c, a, b, c].map((server, n) => server.say(`At once ${n}.`, { name: `Reader ${n}` })),
    );
    await reader.readTo(29, stream);
    expect(reader.wrong).toEqual([]);
    expect(reader.told.slice(20).toSorted()).toEqual(together.toSorted());
    stream.close();
  });

  it("goes on at another with Last-Event-ID, told of what came meanwhile and of nothing again", async () => {
    const [a, b, c] = servers;
    const reader = new Reader();
    const said: string[] = [];
    const stream = await b.follow({ after: 0 });
    for (let n = 0; n < 5; n++) said.push(await a.say(`Number ${n}.`));
    await reader.readTo(5, stream);
    stream.close();
    for (let n = 5; n < 10; n++) said.push(await [a, b][n % 2]!.say(`Number ${n}.`));
    const again = await c.follow({ after: 0 }, { origin: ORIGIN, "last-event-id": String(reader.version) });
    await reader.readTo(10, again);
    said.push(await b.say("The last."));
    await reader.readTo(11, again);
    expect(reader).toMatchObject({ told: said, wrong: [] });
    expect(again.text().match(/^id: ?(\d+)/m)?.[1]).toBe("10");
    again.close();
  });

  it("misses nothing that was written while the servers were deaf to each other", async () => {
    const [a, b] = servers;
    const reader = new Reader();
    const said: string[] = [];
    const stream = await b.follow({ after: 0 });
    for (let round = 1; round <= 5; round++) {
      await deafen();
      // They listen again a twentieth of a second later at the earliest.
      for (let n = 0; n < 2; n++) said.push(await a.say(`Round ${round}, number ${n}.`));
      await reader.readTo(2 * round, stream);
    }
    expect(reader).toMatchObject({ told: said, wrong: [] });
    stream.close();
  });
});
