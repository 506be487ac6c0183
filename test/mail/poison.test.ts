import Database from "better-sqlite3";
import { afterEach, expect, it } from "vitest";
import { databaseName } from "../../server/main.ts";
import type { NewLetter } from "../../server/store/mail.ts";
import { mailing, type Mailing } from "./mailing.ts";

let test: Mailing;
afterEach(() => test.close());

const letter = (key: string, site: number, secret: string): NewLetter => {
  const at = test.services.now();
  const about = { purpose: "login", secret: test.services.keys.seal("letter", secret) };
  return { site, key, kind: "code", to: `${key}@reader.example`, lang: "en", about, dueAt: at, expiresAt: at + 30 * 86_400_000 };
};
const sound = JSON.stringify({ code: "123456", link: "https://comments.example/in#x" });

it("a letter that nobody can write is put off and told of, and those after it arrive (R-22)", async () => {
  test = await mailing();
  await test.services.store.addLetters([letter("bad", 1, "no JSON"), letter("good", 1, sound), letter("other", 0, sound)]);
  expect((await test.deliver()).flatMap(({ to }) => to).toSorted()).toEqual(["good@reader.example", "other@reader.example"]);
  expect(test.lines.filter(({ level }) => level === "error")).toHaveLength(1);
  for (let day = 0; day < 20; day++) {
    test.pass(86_400_000);
    expect(await test.deliver()).toEqual([]);
  }
  const [given] = await test.services.store.lettersGivenUp(10);
  expect(given).toMatchObject({ key: "bad", state: "given_up" });
});

it("a site whose letters cannot be read holds up no other site's (R-22)", async () => {
  test = await mailing({ engine: "sqlite" });
  await test.services.store.addLetters([letter("unreadable", 0, sound), letter("good", 1, sound)]);
  const database = new Database(databaseName(test.services.config.databaseUrl));
  database.exec("update letters set about = 'not what was written' where key = 'unreadable'");
  database.close();
  expect((await test.deliver()).flatMap(({ to }) => to)).toEqual(["good@reader.example"]);
  expect(test.lines.filter(({ level, message }) => level === "error" && message === "a site's letters stay")).not.toEqual([]);
});
