import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { launch } from "../e2e/browser.ts";
import { type Opened, type PanelOptions, panelServer, type PanelServer } from "./panel-browser.ts";

let server: PanelServer;
let browser: Browser;
beforeAll(async () => {
  server = await panelServer();
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

const statusOf = async (id: string) => (await server.services.store.comment(server.site.id, id))?.status;
const rows = (page: Page) => page.locator(".row");
const row = (page: Page, text: string) => rows(page).filter({ hasText: text });
const count = (page: Page, view: string) => page.locator(".views a", { hasText: view }).locator(".count");
const notice = (page: Page, text: string) => page.locator(".notice", { hasText: text });
const textsOf = (page: Page) => page.locator(".row .body").allInnerTexts();
const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};

beforeEach(() => server.clear());

async function open(path = "/panel", options: PanelOptions = {}): Promise<Opened> {
  const opened = await server.open(browser, { path, ...options });
  await opened.page.locator(".views").waitFor();
  return opened;
}

describe("by keyboard alone", () => {
  test("j and k walk, a approves, z takes it back, and the counts follow at once", async () => {
    const [first, second] = [await server.say("On glue, wait."), await server.say("On ink, wait.")];
    const { page, complaints, close } = await open();
    await rows(page).nth(1).waitFor();
    expect(await textsOf(page)).toEqual(["On ink, wait.", "On glue, wait."]);
    await press(page, "j");
    expect(await page.locator(".row.is-current .body").innerText()).toBe("On glue, wait.");
    await press(page, "k", "a");
    await notice(page, "Approved.").waitFor();
    expect([await count(page, "Pending").innerText(), await count(page, "Approved").innerText()]).toEqual(["1", "1"]);
    await expect.poll(() => statusOf(second)).toBe("approved");
    await page.goto(`${server.url}/panel#/approved`);
    await row(page, "On ink").waitFor();
    await press(page, "z");
    await notice(page, "Taken back.").waitFor();
    await expect.poll(() => statusOf(second)).toBe("held");
    await page.goto(`${server.url}/panel#/held`);
    await rows(page).nth(1).waitFor();
    expect(await row(page, "On ink").locator(".why").innerText()).toBe("Why: Has a word that you hold");
    expect(await statusOf(first)).toBe("held");
    expect(complaints).toEqual([]);
    await close();
  });

  test("u unapproves, s marks as spam, d moves to the trash, z restores from there, d deletes for good", async () => {
    const id = await server.say("A comment to move about.");
    const { page, complaints, close } = await open("/panel#/all");
    await rows(page).first().waitFor();
    await press(page, "u");
    await expect.poll(() => statusOf(id)).toBe("held");
    await press(page, "s");
    await expect.poll(() => statusOf(id)).toBe("spam");
    expect(await rows(page).count()).toBe(0);
    await page.getByText("No comments yet.").waitFor();

    await page.goto(`${server.url}/panel#/spam`);
    await rows(page).first().waitFor();
    await press(page, "z");
    await notice(page, "Restored.").waitFor();
    await expect.poll(() => statusOf(id)).toBe("held");

    await page.goto(`${server.url}/panel#/held`);
    await rows(page).first().waitFor();
    await press(page, "d");
    await notice(page, "Moved to the trash.").waitFor();
    await page.getByText("Nothing waits.").waitFor();
    await page.goto(`${server.url}/panel#/trash`);
    await rows(page).first().waitFor();
    await press(page, "d");
    await page.getByRole("dialog").getByText("Delete this comment for good?").waitFor();
    await press(page, "Escape");
    expect(await statusOf(id)).toBe("trash");
    await press(page, "d", "Tab", "Enter");
    await notice(page, "Deleted for good.").waitFor();
    expect(await statusOf(id)).toBeUndefined();
    expect(complaints).toEqual([]);
    await close();
  });

  test("a key pressed right after the Escape that closed a question is heard, however busy the page is", async () => {
    const id = await server.say("A comment to throw away.");
    const { page, close } = await open("/panel#/all");
    await rows(page).first().waitFor();
    await press(page, "s");
    await expect.poll(() => statusOf(id)).toBe("spam");
    await page.goto(`${server.url}/panel#/spam`);
    await rows(page).first().waitFor();
    await press(page, "d");
    const question = page.getByRole("dialog").getByText("Delete this comment for good?");
    await question.waitFor();
    // What is pressed while the page is busy comes at once, before what the browser has to say about it.
    const busy = page.evaluate(() => {
      for (const until = performance.now() + 500; performance.now() < until;);
    });
    await Promise.all([busy, page.keyboard.press("Escape"), page.keyboard.press("d")]);
    await question.waitFor();
    await press(page, "Tab", "Enter");
    await notice(page, "Deleted for good.").waitFor();
    expect(await statusOf(id)).toBeUndefined();
    await close();
  });

  test("x selects, Shift with a key does it to all selected, and one undo takes all of it back", async () => {
    const ids = [await server.say("One, wait."), await server.say("Two."), await server.say("Three, wait.")];
    const { page, close } = await open("/panel#/all");
    await rows(page).nth(2).waitFor();
    await press(page, "x", "j", "x");
    await page.locator(".bulk").getByText("2 selected").waitFor();
    await press(page, "Shift+X", "Shift+S");
    await notice(page, "3 marked as spam.").waitFor();
    await expect.poll(async () => (await Promise.all(ids.map(statusOf))).join()).toBe("spam,spam,spam");
    await press(page, "z");
    await expect.poll(async () => (await Promise.all(ids.map(statusOf))).join()).toBe("held,approved,held");
    await page.getByText("One, wait.").waitFor();
    expect(await textsOf(page)).toEqual(["Three, wait.", "Two.", "One, wait."]);
    await close();
  });

  test("r answers in place and approves what it answers; Escape keeps what was written", async () => {
    const id = await server.say("Is this so? Wait, tell me.");
    const { page, close } = await open();
    await rows(page).first().waitFor();
    await press(page, "r");
    await page.getByLabel("Reply to Anna").first().waitFor();
    await page.keyboard.type("It is **so**");
    await press(page, "Escape");
    expect(await page.locator(".editor").count()).toBe(0);
    await press(page, "r");
    await page.keyboard.type(".");
    expect(await page.locator(".editor textarea").inputValue()).toContain("It is **so**");
    await press(page, "Control+Enter");
    await notice(page, "Reply posted.").waitFor();
    expect(await statusOf(id)).toBe("approved");
    await page.goto(`${server.url}/panel#/approved`);
    const reply = row(page, "In reply to Anna");
    await reply.waitFor();
    expect(await reply.locator(".author").innerText()).toContain("Owner");
    expect(await reply.locator("strong", { hasText: "so" }).count()).toBe(1);
    await close();
  });

  test("e edits; a bad website takes the focus, and nothing typed is lost", async () => {
    const id = await server.say("Teh comment.");
    const { page, complaints, close } = await open("/panel#/all");
    await rows(page).first().waitFor();
    await press(page, "e");
    const box = page.locator(".editor textarea");
    await box.waitFor();
    await box.fill("The comment.");
    await page.getByLabel("Website").fill("javascript:alert(1)");
    await press(page, "Control+Enter");
    await page.getByText("This can’t be used.").waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("type"))).toBe("url");
    expect(await box.inputValue()).toBe("The comment.");
    await page.getByLabel("Website").fill("https://anna.example");
    await press(page, "Enter");
    await notice(page, "Changed.").waitFor();
    expect(await textsOf(page)).toEqual(["The comment."]);
    expect((await server.services.store.comment(server.site.id, id))?.source).toBe("The comment.");
    await press(page, "i");
    await page.getByRole("dialog").getByText("Olga edited").waitFor();
    await page.getByRole("dialog").getByText("Teh comment.").waitFor();
    await press(page, "Escape");
    expect(complaints.filter((line) => !line.includes("422"))).toEqual([]);
    await close();
  });

  test("an edit that someone overtook says so and offers both texts", async () => {
    const id = await server.say("As it was.");
    const { page, close } = await open("/panel#/all");
    await rows(page).first().waitFor();
    await press(page, "e");
    await page.locator(".editor textarea").fill("Mine.");
    const { services, site } = server;
    await services.store.edit(
      site.id,
      id,
      { source: "Theirs.", body: [[0, "Theirs."]], editedAt: 1 },
      { id: services.newId(), at: 1, by: "x", action: "edit" },
    );
    await press(page, "Control+Enter");
    await page.getByText("Your text is still here.").waitFor();
    expect(await page.locator(".editor textarea").inputValue()).toBe("Mine.");
    await page.getByRole("button", { name: "Save mine anyway" }).click();
    await notice(page, "Changed.").waitFor();
    expect((await services.store.comment(site.id, id))?.source).toBe("Mine.");
    await close();
  });

  test("/ searches, ? shows every key, and keys rest while one types", async () => {
    const id = await server.say("About wheat.");
    await server.say("About rice.");
    const { page, close } = await open("/panel#/all");
    await rows(page).nth(1).waitFor();
    await press(page, "/");
    await page.keyboard.type("wheat");
    await press(page, "Enter");
    await expect.poll(() => textsOf(page)).toEqual(["About wheat."]);
    await page.keyboard.type("sad");
    expect(await statusOf(id)).toBe("approved");
    await press(page, "Escape", "?");
    await page.getByRole("dialog").getByText("Next comment").waitFor();
    await press(page, "Escape");
    await page.goto(`${server.url}/panel#/all?q=nothing-like-it`);
    await page.getByText("Nothing found.").waitFor();
    await close();
  });
});

describe("when the server says no", () => {
  test("what was done on the screen is put back, and why is said", async () => {
    const id = await server.say("Please wait.");
    const { page, close } = await open();
    await rows(page).first().waitFor();
    await page.context().setOffline(true);
    await press(page, "a");
    await page.getByRole("alert").getByText("the server can’t be reached").waitFor();
    expect(await textsOf(page)).toEqual(["Please wait."]);
    expect([await count(page, "Pending").innerText(), await count(page, "Approved").innerText()]).toEqual(["1", "0"]);
    await page.context().setOffline(false);
    await press(page, "a");
    await expect.poll(() => statusOf(id)).toBe("approved");
    await close();
  });

  test("a session that ended shows the door, and a reply half written is there after signing in", async () => {
    await server.say("Please wait.");
    const { page, close } = await open();
    await rows(page).first().waitFor();
    await press(page, "r");
    await page.keyboard.type("Half an answ");
    const [owner] = await server.services.store.owners();
    await server.services.store.removeSessions(owner?.id ?? "");
    await page.keyboard.type("er");
    await press(page, "Control+Enter");
    await page.getByLabel("Passphrase").fill("correct horse battery");
    await page.getByLabel("E-mail").fill("olga@blog.example");
    await press(page, "Enter");
    await page.locator(".editor textarea").waitFor();
    expect(await page.locator(".editor textarea").inputValue()).toBe("Half an answer");
    await press(page, "Control+Enter");
    await notice(page, "Reply posted.").waitFor();
    await close();
  });
});
