import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { until } from "../live/live-server.ts";
import { type Blog, launch, openBlog, plainPage, visit } from "./browser.ts";

let browser: Browser;
let blog: Blog;
beforeAll(async () => {
  [browser, blog] = await Promise.all([launch(), openBlog({ holdWords: ["wait"] })]);
});
afterAll(async () => {
  await browser.close();
  await blog.close();
});

const article = (page: Page, words: string) => page.locator("you-figure article", { hasText: words });
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const streams = () => blog.services.live.size().listeners;
const move = (id: string, to: "approved" | "trash") =>
  blog.services.store.setStatus([{ site: blog.site.id, id }], to, null, {
    id: blog.services.newId(),
    at: 0,
    by: "owner",
    action: "status",
  });

/** Opens a page and waits until it is told of what happens. */
async function follow(path: string, options = {}) {
  const before = streams();
  const opened = await visit(browser, blog.url + path, { viewport: { width: 900, height: 900 }, ...options });
  await until(() => streams() === before + 1);
  return opened;
}
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await until(() => streams() === 0);
});

test("what one reader posts another sees where it stands, once, with the count", async () => {
  blog.page("/two", plainPage());
  await blog.say("/two", { body: "The first." });
  const [writer, reader] = [await follow("/two"), await follow("/two")];
  await writer.page.getByRole("textbox", { name: "Write a comment" }).fill("I was **here**.");
  await writer.page.getByRole("textbox", { name: "Email" }).fill("ada@reader.example");
  await writer.page.getByRole("textbox", { name: "Name (required)" }).fill("Ada");
  await button(writer.page, "Post Comment").click();
  await article(reader.page, "I was here.").waitFor();
  await reader.page.getByRole("heading", { name: "2 responses to" }).waitFor();
  await button(reader.page, "Reply to Ada").click();
  await reader.page.getByRole("textbox", { name: "Write a comment" }).fill("So I see.");
  await reader.page.getByRole("textbox", { name: "Email" }).fill("bo@reader.example");
  await reader.page.getByRole("textbox", { name: "Name (required)" }).fill("Bo");
  await button(reader.page, "Post Reply").click();
  await writer.page.locator("you-figure ol ol article", { hasText: "So I see." }).waitFor();
  for (const { page, complaints } of [writer, reader]) {
    expect(await page.locator("you-figure article").count()).toBe(3);
    expect(await page.locator("you-figure .news").count()).toBe(0);
    expect(complaints).toEqual([]);
  }
});

test("a comment that was held appears once it is let through; an edit and a removal show at once", async () => {
  blog.page("/held", plainPage());
  const held = await blog.say("/held", { body: "I can wait." });
  const { page } = await follow("/held");
  await page.getByRole("heading", { name: "No responses yet" }).waitFor();
  await move(held, "approved");
  await article(page, "I can wait.").waitFor();
  const edited = { source: "I waited.", body: [[0, "I waited."]] as never, editedAt: Date.now() };
  await blog.services.store.edit(blog.site.id, held, edited, { id: blog.services.newId(), at: 0, by: "owner", action: "edit" });
  await article(page, "I waited.").getByText("edited").waitFor();
  expect(await article(page, "I can wait.").count()).toBe(0);
  await move(held, "trash");
  await page.getByRole("heading", { name: "No responses yet" }).waitFor();
  expect(await page.locator("you-figure article").count()).toBe(0);
});

test("nothing moves what is being read: what is new waits behind a button, politely announced", async () => {
  blog.page("/still", plainPage());
  const first = await blog.say("/still", { body: "The first." });
  const { page } = await follow("/still");
  const text = page.getByRole("textbox", { name: "Write a comment" });
  await text.fill("I am just writing");
  await page.locator("you-figure .submit").waitFor();
  const stands = await text.boundingBox();
  await blog.say("/still", { body: "Above the box." });
  await button(page, "One new response").waitFor();
  await blog.say("/still", { body: "Under the first.", parent: first, name: "Bo" });
  await button(page, "2 new responses").waitFor();
  expect(await page.getByRole("status").innerText()).toBe("2 new responses");
  expect(await page.locator("you-figure article").count()).toBe(1);
  expect(await text.boundingBox()).toEqual(stands);
  await page.getByRole("heading", { name: "3 responses" }).waitFor();
  await button(page, "2 new responses").click();
  await article(page, "Above the box.").waitFor();
  await page.locator("you-figure ol ol article", { hasText: "Under the first." }).waitFor();
  expect(await page.locator("you-figure .news").count()).toBe(0);
  expect(await text.inputValue()).toBe("I am just writing");
});

test("an answer to the comment that is being looked at appears under it, and the comment stays where it is", async () => {
  blog.page("/under", plainPage());
  const ids = [];
  for (let n = 0; n < 12; n++) ids.push(await blog.say("/under", { body: `Number ${n}.`, name: `Reader ${n}` }));
  const { page } = await follow("/under");
  const looked = article(page, "Number 6.");
  await looked.focus();
  const stands = await looked.boundingBox();
  await blog.say("/under", { body: "An answer below.", parent: ids[6]!, name: "Bo" });
  await page.locator("you-figure ol ol article", { hasText: "An answer below." }).waitFor();
  await blog.say("/under", { body: "An answer further up.", parent: ids[0]!, name: "Bo" });
  await button(page, "One new response").waitFor();
  expect(await looked.boundingBox()).toEqual(stands);
});

test("what is being answered stays as a stub when it is removed, and so does the text", async () => {
  blog.page("/stub", plainPage());
  const id = await blog.say("/stub", { body: "Answer me." });
  const { page } = await follow("/stub");
  await button(page, "Reply to Anna").click();
  await page.getByRole("textbox", { name: "Write a comment" }).fill("I will.");
  await move(id, "trash");
  await page.getByText("This comment was removed.").waitFor();
  expect(await page.getByRole("textbox", { name: "Write a comment" }).inputValue()).toBe("I will.");
});

test("two tabs of a page share one stream, and the other takes over when one closes", async () => {
  const url = blog.page("/tabs", plainPage());
  await blog.say("/tabs", { body: "Here before." });
  const { page: first, context } = await follow("/tabs");
  const second = await context.newPage();
  const scripts: string[] = [];
  second.on("request", (request) => scripts.push(request.url()));
  await second.goto(url);
  await article(second, "Here before.").waitFor();
  await until(() => scripts.some((script) => /\/live-[^/]+\.js$/.test(script)));
  await blog.say("/tabs", { body: "For both." });
  await Promise.all([first, second].map((page) => article(page, "For both.").waitFor()));
  expect(streams()).toBe(1);
  expect(scripts.filter((script) => script.includes("/api/v1/live"))).toEqual([]);
  await first.close();
  await blog.say("/tabs", { body: "For the one that is left." });
  await article(second, "For the one that is left.").waitFor();
  expect(streams()).toBe(1);
  expect(await second.locator("you-figure article").count()).toBe(3);
});

test("tabs of different pages share one stream too, whoever closes first, and each hears of its own page alone", async () => {
  const paths = ["/left", "/middle", "/right"];
  for (const path of paths) {
    blog.page(path, plainPage());
    await blog.say(path, { body: `Here before on ${path}.` });
  }
  const { page: first, context } = await follow("/left");
  const asked: string[] = [];
  context.on("request", (request) => request.url().includes("/api/v1/live") && asked.push(request.url()));
  const tabs = [first];
  for (const path of paths.slice(1)) {
    const tab = await context.newPage();
    await tab.goto(blog.url + path);
    tabs.push(tab);
    await until(() => new URL(asked.at(-1) ?? blog.url).searchParams.getAll("url").length === tabs.length && streams() === tabs.length);
    await blog.say(path, { body: `Meanwhile on ${path}.` });
    await article(tab, `Meanwhile on ${path}.`).waitFor();
  }
  // The stream goes on from what each tab had by then: nothing is sent twice.
  expect(new URL(asked.at(-1)!).searchParams.getAll("after")).toEqual(["1", "2", "1"]);
  const say = async (words: string, open: number[]) => {
    for (const n of open) await blog.say(paths[n]!, { body: `${words} on ${paths[n]}.` });
    for (const n of open) {
      await article(tabs[n]!, `${words} on ${paths[n]}.`).waitFor();
      for (const other of paths) if (other !== paths[n]) expect(await article(tabs[n]!, `on ${other}.`).count()).toBe(0);
    }
  };
  await say("For all", [0, 1, 2]);
  await tabs[1]!.close();
  await until(() => streams() === 2);
  await say("For two", [0, 2]);
  await first.close();
  await say("For the last", [2]);
  expect(streams()).toBe(1);
  expect(await article(tabs[2]!, "on /right.").count()).toBe(5);
});

test("a tab that is hidden, or where the comments are out of sight, has no stream, and catches up when it is seen again", async () => {
  blog.page("/sight", plainPage({ body: '<div style="height:3000px"></div>' }));
  const { page } = await visit(browser, `${blog.url}/sight`, { viewport: { width: 900, height: 900 } });
  const scroll = (to: number) => page.evaluate((top) => scrollTo(0, top), to);
  const hide = (hidden: boolean) =>
    page.evaluate((value) => {
      Object.defineProperty(Document.prototype, "hidden", { get: () => value, configurable: true });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    }, hidden);
  await scroll(2600);
  await until(() => streams() === 1);
  await scroll(0);
  await until(() => streams() === 0);
  await blog.say("/sight", { body: "While out of sight." });
  await scroll(2600);
  await article(page, "While out of sight.").waitFor();
  await hide(true);
  await until(() => streams() === 0);
  await blog.say("/sight", { body: "While hidden." });
  await hide(false);
  await article(page, "While hidden.").waitFor();
  expect(await page.locator("you-figure article").count()).toBe(2);
});

test("after the server was away readers come back by themselves and see each comment once", async () => {
  blog.page("/away", plainPage());
  await blog.say("/away", { body: "Before." });
  const readers = [await follow("/away"), await follow("/away")];
  await blog.say("/away", { body: "Just before." });
  for (const { page } of readers) await article(page, "Just before.").waitFor();
  await blog.restart();
  await blog.say("/away", { body: "Just after." });
  for (const { page } of readers) {
    await article(page, "Just after.").waitFor();
    await page.getByRole("heading", { name: "3 responses" }).waitFor();
    expect(await page.locator("you-figure article").count()).toBe(3);
  }
});

test("a site that turned it off has no stream, and its readers do not fetch the code for one", async () => {
  const off = await openBlog({ live: false });
  off.page("/off", plainPage());
  const context = await browser.newContext({ viewport: { width: 900, height: 900 } });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(`${off.url}/off`);
  await page.getByRole("textbox", { name: "Write a comment" }).focus();
  await page.locator("you-figure .submit").waitFor();
  expect(asked.filter((url) => /\/live\b/.test(url))).toEqual([]);
  expect(off.services.live.size().listeners).toBe(0);
  await off.close();
});
