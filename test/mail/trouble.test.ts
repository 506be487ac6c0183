import { afterEach, expect, it } from "vitest";
import { sendTestLetter } from "../../server/comments/letters.ts";
import { mailing, type Mailing } from "./mailing.ts";
import { openSink, type Treatment } from "./sink.ts";

const opened: { close(): Promise<void> }[] = [];
const open = async (...options: Parameters<typeof mailing>): Promise<Mailing> => {
  const test = await mailing(...options);
  opened.push(test);
  return test;
};
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

const idOf = (raw: string) => /^Message-ID: (.*)$/im.exec(raw)?.[1]?.trim();

it("a letter that hangs or dies after its last byte comes again under the same Message-ID, and holds up no other (R-14, R-22)", async () => {
  const test = await open({ patience: { silence: 3_000 } });
  for (const treatment of ["hang", "die"] as const) {
    test.sink.treat = ({ to }) => (to.startsWith(treatment) ? treatment : "take");
    await sendTestLetter(test.services, `${treatment}@reader.example`, "en");
    await sendTestLetter(test.services, `well-${treatment}@reader.example`, "en");
    await test.deliver();
    expect(test.last(`well-${treatment}@reader.example`).raw).toContain("A test letter");
    test.sink.treat = () => "take";
    test.pass(3 * 60_000);
    await test.deliver();
    const twice = test.sink.arrived.filter(({ to }) => to[0] === `${treatment}@reader.example`);
    expect(twice).toHaveLength(2);
    expect(new Set(twice.map(({ raw }) => idOf(raw))).size).toBe(1);
  }
});

it("without a mail server one try is made a round, comments are taken as ever, and all arrives once it is back", async () => {
  const sink = await openSink();
  const port = Number(new URL(sink.url).port);
  const test = await open({ sink });
  await sink.close();
  for (let i = 0; i < 5; i++) await sendTestLetter(test.services, `reader${i}@reader.example`, "en");
  await expect(test.postman.round()).rejects.toThrow(/ECONNREFUSED/);
  expect((await test.post({ notify: true })).status).toBe(201);
  expect((await test.services.store.lettersDue(0, 9)).length).toBe(4);
  const back = await openSink({ port });
  opened.unshift(back);
  test.pass(3 * 60_000);
  while (await test.postman.round());
  expect(back.arrived.map(({ to }) => to[0]).toSorted()).toEqual([
    "anna@reader.example",
    ...Array.from({ length: 5 }, (_, i) => `reader${i}@reader.example`),
  ]);
});

it("through a day of faults every letter arrives, once but where the connection died after the last byte (R-14)", async () => {
  const test = await open();
  const faults: Treatment[] = ["later", "greylist", "die"];
  let asked = 0;
  const died = new Set<string>();
  test.sink.treat = ({ to, raw }) => {
    const treatment = asked++ % 10 < 3 ? faults[asked % 3]! : "take";
    if (treatment === "die" && raw !== "") died.add(to);
    return treatment;
  };
  const addresses = Array.from({ length: 40 }, (_, i) => `reader${i}@reader.example`);
  for (const to of addresses) await sendTestLetter(test.services, to, "en");
  for (let minutes = 0; minutes < 24 * 60; minutes += 20) {
    await test.deliver();
    test.pass(20 * 60_000);
  }
  for (const to of addresses) {
    const came = test.sink.arrived.filter((one) => one.to[0] === to);
    expect(came.length, to).toBeGreaterThan(0);
    if (!died.has(to)) expect(came, to).toHaveLength(1);
    expect(new Set(came.map(({ raw }) => idOf(raw))).size).toBe(1);
  }
  expect((await test.services.store.letterCounts()).givenUp).toBe(0);
});

it("two servers on one PostgreSQL share the work and send nothing twice", async () => {
  const sink = await openSink();
  opened.push(sink);
  const one = await open({ sink, engine: "postgres" });
  const two = await open({ sink, engine: "postgres", beside: one });
  for (let i = 0; i < 60; i++) await sendTestLetter(one.services, `reader${i}@reader.example`, "en");
  while ((await one.services.store.letterCounts()).waiting > 0) await Promise.all([one.deliver(), two.deliver()]);
  expect(new Set(sink.arrived.map(({ to }) => to[0])).size).toBe(60);
  expect(sink.arrived).toHaveLength(60);
});

it("a secret code lies sealed in the outbox, and a letter's text nowhere in it", async () => {
  const test = await open();
  const { sendCode } = await import("../../server/comments/letters.ts");
  const link = "https://comments.example/in#secret";
  const expiresAt = test.services.now() + 900_000;
  await sendCode(test.services, { site: 1, to: "anna@reader.example", lang: "en", purpose: "login", code: "918273", link, expiresAt });
  const kept = JSON.stringify(await test.services.store.lettersDue(1, 9));
  expect(kept).toContain("anna@reader.example");
  expect(kept).not.toMatch(/918273|secret"?:?"?https|in#secret/);
  test.pass(1_000_000);
  expect(await test.deliver()).toEqual([]);
});
