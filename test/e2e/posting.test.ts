import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Blog, launch, openBlog, plainPage, visit } from "./browser.ts";

let browser: Browser;
let blog: Blog;
beforeAll(async () => {
  [browser, blog] = await Promise.all([launch(), openBlog()]);
});
afterAll(async () => {
  await browser.close();
  await blog.close();
});

const text = (page: Page) => page.getByRole("textbox", { name: "Write a comment" });
const field = (page: Page, name: string) => page.getByRole("textbox", { name });
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement?.shadowRoot?.activeElement;
    return element?.id || element?.textContent || "";
  });
const opened = async (page: Page) => {
  await text(page).focus();
  await page.locator("you-figure .submit").waitFor();
};
const fill = async (page: Page, words: string, name = "Ada") => {
  await opened(page);
  await text(page).fill(words);
  await field(page, "Email").fill("ada@reader.example");
  await field(page, "Name (required)").fill(name);
};
const post = (page: Page) => page.getByRole("button", { name: /^Post|^Save/ }).click();

test("by keyboard alone: text first, then the details, errors at their fields, and the new comment where the reader looks", async () => {
  const { page, context, complaints } = await visit(browser, blog.page("/keys", plainPage()), { viewport: { width: 900, height: 1400 } });
  await text(page).focus();
  await page.locator("you-figure .submit").waitFor();
  await page.getByText("Fill in your details below").waitFor();
  await page.keyboard.press("Control+Enter");
  await page.getByText("Please write something first.").waitFor();
  expect(await focused(page)).toBe("you-body");
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  await page.keyboard.type("I figure it holds.");
  await page.keyboard.press("Control+Enter");
  await page.waitForFunction(() => document.querySelector("you-figure")?.shadowRoot?.activeElement?.id === "you-email");
  const about = await field(page, "Email").getAttribute("aria-describedby");
  expect(await page.locator(`#${about}`).innerText()).toContain("Please enter your email address.");
  await page.keyboard.type("ada@reader.example");
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("you-name");
  await page.keyboard.type("Ada");
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("you-website");
  await page.keyboard.press("Tab");
  expect(await page.getByRole("checkbox", { name: "Remember me" }).isChecked()).toBe(false);
  await page.keyboard.press("Tab");
  expect(await focused(page)).toContain("Post Comment");
  await page.keyboard.press("Enter");
  const mine = page.locator("you-figure .marked", { hasText: "I figure it holds." });
  await mine.waitFor();
  expect(await focused(page)).toBe(await mine.getAttribute("id"));
  expect(await page.getByRole("status").innerText()).toBe("Your comment is posted.");
  await page.getByRole("heading", { name: "One response to “A plain post”" }).waitFor();
  expect(await text(page).inputValue()).toBe("");
  expect(complaints).toEqual([]);
  await context.close();
});

test("Reply moves the box under the comment, Cancel brings it back, the reply lands below what it answers", async () => {
  const url = blog.page("/reply", plainPage());
  await blog.say("/reply", { body: "A question?" });
  const { page, context } = await visit(browser, url);
  await page.getByRole("button", { name: "Reply to Anna" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Reply to Anna" }).waitFor();
  await page.waitForFunction(() => document.querySelector("you-figure")?.shadowRoot?.activeElement?.id === "you-body");
  await page.getByRole("button", { name: "Cancel reply" }).click();
  await page.getByRole("heading", { name: "what do you figure?" }).waitFor();
  expect(await focused(page)).toBe("Reply");
  await page.getByRole("button", { name: "Reply to Anna" }).click();
  await fill(page, "An answer.");
  await page.getByRole("button", { name: "Post Reply" }).click();
  await page.locator("you-figure ol ol .marked", { hasText: "An answer." }).waitFor();
  await context.close();
});

test("a draft survives a reload, for the page and for a reply, until it is posted", async () => {
  const url = blog.page("/draft", plainPage());
  await blog.say("/draft", { body: "A question?" });
  const { page, context } = await visit(browser, url);
  await opened(page);
  await text(page).fill("Half a thought");
  await page.getByRole("button", { name: "Reply to Anna" }).click();
  await text(page).fill("Half an answer");
  await page.reload();
  await page.locator("you-figure .submit").waitFor();
  expect(await text(page).inputValue()).toBe("Half a thought");
  await page.getByRole("button", { name: "Reply to Anna" }).click();
  expect(await text(page).inputValue()).toBe("Half an answer");
  await fill(page, "A whole answer");
  await post(page);
  await page.locator("you-figure .marked", { hasText: "A whole answer" }).waitFor();
  expect(await text(page).inputValue()).toBe("Half a thought");
  await page.getByRole("button", { name: "Reply to Anna" }).click();
  expect(await text(page).inputValue()).toBe("");
  await context.close();
});

test("the preview is what the server makes of it, and the text is still there behind it", async () => {
  const { page, context } = await visit(browser, blog.page("/preview", plainPage()));
  await opened(page);
  await text(page).fill("So **strong** <b>raw</b>");
  await page.getByRole("tab", { name: "Preview" }).click();
  await page.locator("you-figure .preview strong", { hasText: "strong" }).waitFor();
  expect(await page.locator("you-figure .preview").innerText()).toBe("So strong <b>raw</b>");
  await page.getByRole("tab", { name: "Write" }).click();
  expect(await text(page).inputValue()).toBe("So **strong** <b>raw</b>");
  await context.close();
});

test("details are remembered only by who ticks the box", async () => {
  const url = blog.page("/remember", plainPage());
  const { page, context } = await visit(browser, url);
  await fill(page, "First.");
  await post(page);
  await page.locator("you-figure .marked").waitFor();
  await page.reload();
  await opened(page);
  expect(await field(page, "Email").inputValue()).toBe("");
  await fill(page, "Second.");
  await page.getByRole("checkbox", { name: "Remember me" }).check();
  await post(page);
  await page.locator("you-figure .marked", { hasText: "Second." }).waitFor();
  await page.reload();
  await opened(page);
  expect(await field(page, "Email").inputValue()).toBe("ada@reader.example");
  expect(await page.getByRole("checkbox", { name: "Remember me" }).isChecked()).toBe(true);
  await context.close();
});

test("one's own comment can be edited and deleted; a stub stays where it was answered", async () => {
  const url = blog.page("/own", plainPage());
  const { page, context } = await visit(browser, url);
  await fill(page, "A *first* version.");
  await post(page);
  await page.locator("you-figure .marked").waitFor();
  const id = (await page.locator("you-figure .marked").getAttribute("id"))!.slice("comment-".length);
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByRole("heading", { name: "Edit your comment" }).waitFor();
  expect(await text(page).inputValue()).toBe("A *first* version.");
  await text(page).fill("A *second* version.");
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator("you-figure article", { hasText: "A second version." }).waitFor();
  expect(await page.locator("you-figure article header").innerText()).toContain("edited");
  await blog.say("/own", { body: "An answer.", name: "Jonas", parent: id });
  await page.reload();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Really delete?" }).click();
  await page.getByText("This comment was removed.").waitFor();
  await page.reload();
  await page.getByText("This comment was removed.").waitFor();
  await page.getByText("An answer.").waitFor();
  await context.close();
});

test("pressed twice, posted once", async () => {
  const url = blog.page("/twice", plainPage());
  const { page, context } = await visit(browser, url);
  await fill(page, "Only once.");
  await page.getByRole("button", { name: "Post Comment" }).dblclick();
  await page.locator("you-figure .marked").waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "One response" }).waitFor();
  await context.close();
});

test("an answer that got lost: the text is kept, and sending again is the same post", async () => {
  const url = blog.page("/lost", plainPage());
  const { page, context } = await visit(browser, url);
  await fill(page, "Said once.");
  let lost = 0;
  await page.route("**/api/v1/comments", async (route) => {
    if (route.request().method() !== "POST" || lost++ > 0) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await post(page);
  await page.getByText("The server can’t be reached. Your text is kept").waitFor();
  expect(await text(page).inputValue()).toBe("Said once.");
  await page.reload();
  await page.locator("you-figure .submit").waitFor();
  await fill(page, "Said once.");
  await post(page);
  await page.locator("you-figure .marked", { hasText: "Said once." }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "One response" }).waitFor();
  await context.close();
});

test("what the server refuses is said in words, and nothing typed is lost", async () => {
  const url = blog.page("/refused", plainPage());
  await blog.say("/refused", { body: "The same words.", name: "Ada", email: "ada@reader.example" });
  const { page, context } = await visit(browser, url);
  await fill(page, "The same words.");
  await field(page, "Website").fill("not a web address");
  await post(page);
  await page.getByText("This does not look like a web address.").waitFor();
  await field(page, "Website").fill("");
  await post(page);
  await page.getByText("You have already said that.").waitFor();
  expect(await text(page).inputValue()).toBe("The same words.");
  await context.close();
});
