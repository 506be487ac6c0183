import { AxeBuilder } from "@axe-core/playwright";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Blog, buildToday, launch, openBlog, plainPage, visit } from "../e2e/browser.ts";
import { linksOf } from "./mailing.ts";
import { openSink, type Sink } from "./sink.ts";

let browser: Browser;
let sink: Sink;
let blog: Blog;
beforeAll(async () => {
  sink = await openSink();
  const env = { SMTP_URL: sink.url, MAIL_FROM: "Blog <comments@blog.example>" };
  [browser, blog] = await Promise.all([launch(), openBlog({}, buildToday, env)]);
});
afterAll(async () => {
  await browser.close();
  await blog.close();
  await sink.close();
});

const arrived = (to: string, count = 1) =>
  vi.waitFor(
    () => {
      const found = sink.arrived.filter((one) => one.to[0] === to);
      expect(found).toHaveLength(count);
      return found.at(-1)!;
    },
    { timeout: 30_000 },
  );

test("a reader ticks the box, confirms by the button behind the letter's link, and hears of the answer", async () => {
  const { page, context } = await visit(browser, blog.page("/notify", plainPage()), { viewport: { width: 900, height: 1400 } });
  await page.getByRole("textbox", { name: "Write a comment" }).focus();
  await page.locator("you-figure .submit").waitFor();
  const box = page.getByRole("checkbox", { name: "Notify me of follow-up comments by email" });
  expect(await box.isChecked()).toBe(false);
  await page.getByRole("textbox", { name: "Write a comment" }).fill("Will anybody answer?");
  await page.getByRole("textbox", { name: "Email" }).fill("ada@reader.example");
  await page.getByRole("textbox", { name: "Name (required)" }).fill("Ada");
  await box.check();
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);
  const screenshots = process.env["SCREENSHOTS"];
  if (screenshots) await page.screenshot({ path: `${screenshots}/box.png` });
  await page.getByRole("button", { name: "Post Comment" }).click();
  await page.getByText("Your comment is posted.").waitFor();

  const letter = await arrived("ada@reader.example");
  await page.goto(linksOf(letter)[0]!);
  await page.getByRole("heading", { name: "Your letters from Blog" }).waitFor();
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);
  if (screenshots) await page.screenshot({ path: `${screenshots}/letters-page.png`, fullPage: true });
  await page.getByRole("button", { name: "Yes, write to me" }).click();
  await page.getByText("From now on you hear of what is new.").waitFor();

  const { rows } = await blog.services.store.queue({ status: "approved", site: blog.site.id, sort: "newest", limit: 1 });
  await blog.say("/notify", { body: "I do: https://evil.example/x.png", name: "Ben", parent: rows[0]!.row.id });
  const answer = await arrived("ada@reader.example", 2);
  const reading = await context.newPage();
  await reading.setContent(answer.mail.html ?? "");
  await reading.getByText("Ben answered your comment").waitFor();
  if (screenshots) await reading.screenshot({ path: `${screenshots}/answer.png` });
  expect(linksOf(answer).filter((href) => href.includes("evil"))).toEqual([]);
  await context.close();
});

test("without JavaScript the same box stands on the page of the discussion, and where no mail is sent there is none", async () => {
  const { page, context } = await visit(browser, `${blog.comments}/thread?url=${encodeURIComponent(`${blog.url}/plain`)}`, {
    javaScriptEnabled: false,
  });
  await page.getByRole("textbox", { name: "Write a comment" }).fill("Plain words.");
  await page.getByRole("textbox", { name: "Email" }).fill("grace@reader.example");
  await page.getByRole("textbox", { name: "Name (required)" }).fill("Grace");
  await page.getByRole("checkbox", { name: "Notify me" }).check();
  await page.getByRole("button", { name: "Post Comment" }).click();
  await arrived("grace@reader.example");
  await context.close();
  const without = await openBlog();
  const visited = await visit(browser, `${without.comments}/thread?url=${encodeURIComponent(`${without.url}/plain`)}`);
  await visited.page.getByRole("textbox", { name: "Email" }).waitFor();
  expect(await visited.page.getByRole("checkbox").count()).toBe(0);
  await visited.context.close();
  await without.close();
});
