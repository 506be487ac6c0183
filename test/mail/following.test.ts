import { afterEach, beforeEach, expect, it } from "vitest";
import { PAGE } from "../server/setup.ts";
import { linksOf, mailing, type Mailing, pathOf } from "./mailing.ts";

let test: Mailing;
beforeEach(async () => {
  test = await mailing();
});
afterEach(() => test.close());

const anna = { name: "Anna", email: "Anna@reader.example", notify: true };
const ben = { name: "Ben", email: "ben@reader.example" };

const press = (fields: Record<string, string>) =>
  test.app.request("/letters", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields).toString(),
  });
const tokenOf = (link: string) => new URL(link).searchParams.get("token") ?? "";
const say = async (fields: Record<string, unknown>) => ((await (await test.post(fields)).json()) as { comment: { id: string } }).comment.id;

/** Anna asks for letters and confirms it by the button behind the link. */
async function follow(): Promise<{ id: string; token: string }> {
  const id = await say({ ...anna, body: "What do you think?" });
  await test.deliver();
  const [link = ""] = linksOf(test.last(anna.email));
  await press({ act: "confirm", token: tokenOf(link) });
  return { id, token: tokenOf(link) };
}

it("hears of an answer to one's comment, once it was asked for and confirmed", async () => {
  const { id } = await follow();
  await say({ ...ben, body: "I think **so** too.", parent: id });
  const [letter, ...others] = await test.deliver();
  expect(others).toEqual([]);
  expect(letter?.to).toEqual([anna.email]);
  expect(letter?.mail.subject).toBe("Ben answered you: this page");
  expect(letter?.mail.text).toContain("> I think **so** too.");
  expect(linksOf(letter!)[0]).toMatch(/^https:\/\/blog\.example\/post#comment-/);
  test.pass(86_400_000 * 3);
  expect(await test.deliver()).toEqual([]);
});

it("hears nothing before the button was pressed; a program that only looks at the links confirms nothing", async () => {
  const id = await say({ ...anna, body: "What do you think?" });
  await test.deliver();
  for (const link of linksOf(test.last(anna.email))) expect((await test.get(pathOf(link))).status).toBe(200);
  await say({ ...ben, body: "I agree.", parent: id });
  expect(await test.deliver()).toEqual([]);
});

it("tells nobody of a comment that waits, and everyone when it is let through, once however often that is done", async () => {
  await follow();
  const id = await say({ ...ben, body: "one https://a.example two https://b.example" });
  expect(await test.deliver()).toEqual([]);
  const at = [{ site: test.site.id, id }];
  const log = () => ({ id: test.services.newId(), at: test.services.now(), by: "test", action: "status" as const });
  await test.services.store.setStatus(at, "approved", null, log(), true);
  expect((await test.deliver()).map(({ mail }) => mail.subject)).toEqual(["New comment by Ben: this page"]);
  await test.services.store.setStatus(at, "held", "moderator", log(), true);
  await test.services.store.setStatus(at, "approved", null, log(), true);
  expect(await test.deliver()).toEqual([]);
});

it("gathers a day's comments into one letter for those who want it so", async () => {
  const { token } = await follow();
  const page = (await test.services.store.page(test.site.id, "blog.example/post"))?.id;
  expect(await (await press({ act: "save", token, page: String(page), often: "daily" })).text()).toContain("Saved.");
  await say({ ...ben, body: "The first of today." });
  await say({ ...ben, body: "The second of today." });
  expect(await test.deliver()).toEqual([]);
  test.pass(86_400_000);
  const [digest, ...others] = await test.deliver();
  expect(others).toEqual([]);
  expect(digest?.mail.subject).toBe("2 new comments at Blog");
  expect(digest?.mail.text).toMatch(/The first of today\.[^]*The second of today\./);
  test.pass(86_400_000 * 8);
  expect(await test.deliver()).toEqual([]);
});

it("gathers a week's comments into one letter, on the day that all weekly letters go, with what else is chosen for other pages", async () => {
  const { token } = await follow();
  const page = (await test.services.store.page(test.site.id, "blog.example/post"))?.id;
  await press({ act: "save", token, page: String(page), often: "weekly" });
  // To the beginning of a week, by which weekly letters go.
  const week = 7 * 86_400_000;
  test.pass(week - (test.services.now() % week));
  await test.deliver();
  for (let day = 0; day < 6; day++) {
    await say({ ...ben, body: `Said on day ${day}.` });
    expect((await test.deliver()).filter(({ to }) => to[0] === anna.email)).toEqual([]);
    test.pass(86_400_000);
  }
  test.pass(86_400_000);
  const [digest, ...others] = await test.deliver();
  expect(others).toEqual([]);
  expect(digest?.mail.subject).toBe("6 new comments at Blog");
  for (let day = 0; day < 6; day++) expect(digest?.mail.text).toContain(`Said on day ${day}.`);
  expect(linksOf(digest!).filter((href) => href.includes("#comment-"))).toHaveLength(6);
  expect(digest?.mail.headers.find(({ key }) => key === "list-unsubscribe-post")?.value).toBe("List-Unsubscribe=One-Click");
  test.pass(week);
  expect(await test.deliver()).toEqual([]);
});

it("a comment taken back before the day's letter is not in it, and alone sends none", async () => {
  const { token } = await follow();
  const page = (await test.services.store.page(test.site.id, "blog.example/post"))?.id;
  await press({ act: "save", token, page: String(page), often: "daily" });
  const id = await say({ ...ben, body: "Better not." });
  await test.deliver();
  const log = { id: test.services.newId(), at: test.services.now(), by: "test", action: "status" as const };
  await test.services.store.setStatus([{ site: test.site.id, id }], "trash", "author", log);
  test.pass(86_400_000);
  expect(await test.deliver()).toEqual([]);
});

it("stops by the mail program's own button (RFC 8058), for that address and page alone", async () => {
  await follow();
  const carla = { name: "Carla", email: "carla@reader.example", notify: true };
  await say({ ...carla, body: "Me too." });
  await test.deliver();
  await press({ act: "confirm", token: tokenOf(linksOf(test.last(carla.email))[0]!) });
  await say({ ...ben, body: "Something new." });
  await test.deliver();
  const { mail } = test.last(anna.email);
  const header = (key: string) => mail.headers.find((one) => one.key === key)?.value ?? "";
  expect(header("list-unsubscribe-post")).toBe("List-Unsubscribe=One-Click");
  const address = pathOf(/^<(.*)>$/.exec(header("list-unsubscribe"))?.[1] ?? "");
  expect(await (await test.get(address)).text()).toContain("Stop these letters?");
  const body = "List-Unsubscribe=One-Click";
  const stopped = await test.app.request(address, {
    method: "POST",
    body,
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  expect(await stopped.text()).toContain("You get no more of these letters.");
  await say({ ...ben, body: "Something newer." });
  expect((await test.deliver()).map(({ to }) => to)).toEqual([[carla.email]]);
});

it("takes no token but its own, and says the same of all others (S-44)", async () => {
  const { token } = await follow();
  for (let i = 0; i < token.length; i++) {
    const other = `${token.slice(0, i)}${token[i] === "A" ? "B" : "A"}${token.slice(i + 1)}`;
    // The last letter holds bits that are no part of the token.
    if (i < token.length - 1) expect((await test.get(`/letters?token=${encodeURIComponent(other)}`)).status, other).toBe(404);
  }
  const [site, , signature] = token.split(".");
  for (const forged of ["", "1.x.y", `${site}.other.${signature}`, `2.${token.split(".")[1]}.${signature}`, `${token}x`]) {
    expect((await test.get(`/letters?token=${encodeURIComponent(forged)}`)).status).toBe(404);
    expect((await press({ act: "stop", token: forged })).status).toBe(404);
  }
});

it("writes one confirmation a day to an address, though a thousand comments ask for it (S-43)", async () => {
  for (let i = 0; i < 1_000; i += 20)
    await Promise.all(Array.from({ length: 20 }, (_, n) => test.post({ ...anna, body: `Thought ${i + n}`, url: `${PAGE}${i + n}` })));
  for (const email of ["%@reader.example", "_nna@reader.example"]) await test.post({ ...anna, email, body: `Of ${email}` });
  const letters = await test.deliver();
  expect(letters.map(({ to }) => to[0]).sort()).toEqual(["%@reader.example", anna.email, "_nna@reader.example"]);
  test.pass(86_400_000);
  for (let i = 0; i < 10; i++) await test.post({ ...anna, body: `Another day, ${i}`, url: `${PAGE}${i}` });
  expect((await test.deliver()).map(({ to }) => to[0])).toEqual([anna.email]);
}, 240_000);

it("writes no more letters to an address in a day than it can bear, and the rest later", async () => {
  const { id } = await follow();
  for (let i = 0; i < 30; i++) await say({ ...ben, body: `Answer ${i}`, parent: id });
  expect(await test.deliver()).toHaveLength(20);
  test.pass(86_400_000);
  expect((await test.deliver()).length).toBe(10);
});
