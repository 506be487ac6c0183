import { afterEach, beforeEach, expect, it } from "vitest";
import { sendCode, sendTestLetter } from "../../server/comments/letters.ts";
import { mailing, type Mailing } from "./mailing.ts";

let test: Mailing;
beforeEach(async () => {
  test = await mailing();
});
afterEach(() => test.close());

const code = {
  site: 1,
  to: "anna@reader.example",
  lang: "en",
  purpose: "login",
  code: "123456",
  link: "https://comments.example/in#x",
} as const;

it("carries a code with its link to one address, as text and as HTML", async () => {
  expect(await sendCode(test.services, { ...code, expiresAt: test.services.now() + 900_000 })).toBe(true);
  const [letter] = await test.deliver();
  expect(letter?.to).toEqual(["anna@reader.example"]);
  expect(letter?.mail.subject).toBe("123456 is your code for Blog");
  expect(letter?.mail.from).toEqual({ name: "Blog", address: "comments@blog.example" });
  for (const part of [letter?.mail.text, letter?.mail.html]) {
    expect(part).toContain("123456");
    expect(part).toContain("https://comments.example/in#x");
  }
});

it("tries again what the mail server puts off, under the same Message-ID, and never twice what it took", async () => {
  await sendTestLetter(test.services, "anna@reader.example", "de");
  const ids: string[] = [];
  let calls = 0;
  test.sink.treat = ({ raw }) => {
    if (raw === "") return "take";
    ids.push(/^Message-ID: (.*)$/m.exec(raw)?.[1]?.trim() ?? "");
    return calls++ === 0 ? "later" : "take";
  };
  expect(await test.deliver()).toEqual([]);
  expect(await test.deliver()).toEqual([]);
  test.pass(3 * 60_000);
  expect((await test.deliver()).map(({ mail }) => mail.subject)).toEqual(["Ein Probebrief von Youfigure"]);
  test.pass(86_400_000);
  expect(await test.deliver()).toEqual([]);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
  expect(ids[0]).toMatch(/^<[\w-]+@comments\.example>$/);
});

it("gives up what is refused for good, and takes it up again when asked", async () => {
  await sendTestLetter(test.services, "anna@reader.example", "en");
  test.sink.treat = () => "refuse";
  expect(await test.deliver()).toEqual([]);
  const [given] = await test.services.store.lettersGivenUp(10);
  expect(given).toMatchObject({ to: "anna@reader.example", kind: "test", state: "given_up" });
  expect(given?.error).toContain("No such mailbox");
  test.sink.treat = () => "take";
  expect(await test.deliver()).toEqual([]);
  expect(await test.services.store.retryLetters(null)).toBe(1);
  expect(await test.deliver()).toHaveLength(1);
});
