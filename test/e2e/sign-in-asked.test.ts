import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openReaderSession } from "../../server/auth/reader-session.ts";
import { openSink, type Sink } from "../mail/sink.ts";
import { expectAccessible } from "./axe.ts";
import { openBlog, plainPage, visit } from "./browser.ts";
import { focused, picture, said, signIn, type SigningIn, signingIn, write } from "./signing-in.ts";

let it: SigningIn;
let sink: Sink;
beforeAll(async () => {
  sink = await openSink();
  const env = { SMTP_URL: sink.url, MAIL_FROM: "Blog <comments@blog.example>" };
  it = await signingIn({ settings: { login: "required" }, env });
});
afterAll(async () => {
  await it.close();
  await sink.close();
});

test("where one must log in nobody is asked who they are, and who posts without is told the strip's sentence once more", async () => {
  const { page, context, complaints } = await visit(it.browser, it.blog.page("/asked", plainPage()));
  const box = page.locator("you-figure");
  const fields: number[] = [];
  await page.exposeFunction("seen", (count: number) => fields.push(count));
  await box.locator("textarea").waitFor();
  await page.evaluate(() => {
    const root = document.querySelector("you-figure")!.shadowRoot!;
    const { seen } = globalThis as unknown as { seen: (count: number) => void };
    new MutationObserver(() => seen(root.querySelectorAll("[name=email],[name=name],[name=website]").length)).observe(root, {
      subtree: true,
      childList: true,
    });
  });
  await write(page, "May I?");
  expect(await said(page).innerText()).toBe("Log in to leave a reply:");
  const posts: string[] = [];
  page.on("request", (request) => request.url().endsWith("/comments") && posts.push(request.url()));
  for (let times = 0; times < 2; times++) {
    const before = await said(page).locator("span").elementHandle();
    await box.getByRole("button", { name: "Post Comment" }).click();
    // Another element with the same words: they are said again.
    await vi.waitFor(async () => expect(await before!.evaluate((node) => node.isConnected)).toBe(false));
    expect(await said(page).locator(".wrong").innerText()).toBe("Log in to leave a reply:");
    await vi.waitFor(async () => expect(await focused(page)).toMatch(/GitHub/));
  }
  expect(posts).toEqual([]);
  await box.locator(".ways path").first().waitFor();
  await expectAccessible(page);
  await picture(page, "sign-in-required", "who posts without logging in is told the sentence once more");
  await signIn(page);
  expect(await said(page).locator(".wrong").count()).toBe(0);
  // Back at the strip there are no fields either.
  await box.getByRole("button", { name: "Change" }).click();
  await said(page).getByText("Log in to leave a reply:").waitFor();
  await box.getByRole("button", { name: "Figures" }).click();
  await box.getByRole("button", { name: "Post Comment" }).click();
  await page.locator("you-figure .marked", { hasText: "May I?" }).waitFor();
  expect(fields.filter((count) => count > 0)).toEqual([]);
  expect(complaints).toEqual([]);
  await context.close();
});

test("who wrote before it was asked is told at the post, and keeps the text", async () => {
  const blog = await openBlog({}, undefined, { GITHUB: "client:secret" });
  const { page, context } = await visit(it.browser, blog.page("/since", plainPage()));
  await write(page, "Begun as a guest.");
  await page.getByRole("textbox", { name: "Email" }).fill("ada@reader.example");
  await page.getByRole("textbox", { name: "Name" }).fill("Ada");
  const { services, site } = blog;
  const log = { id: services.newId(), at: services.now(), by: "test", action: "site" } as const;
  await services.store.updateSite(site.id, { settings: { ...site.settings, login: "required" } }, log);
  await page.getByRole("button", { name: "Post Comment" }).click();
  await said(page).getByText("Log in to leave a reply:").waitFor();
  await vi.waitFor(async () => expect(await focused(page)).toBe("GitHub"));
  expect(await page.locator("you-figure textarea").inputValue()).toBe("Begun as a guest.");
  expect(await page.getByRole("textbox", { name: "Email" }).count()).toBe(0);
  await context.close();
  await blog.close();
});

test("where one must log in and there is no way to, the box says so and has no fields", async () => {
  const blog = await openBlog({ login: "required" });
  const { page, context } = await visit(it.browser, blog.page("/nowhere", plainPage()));
  await write(page, "How?");
  expect(await said(page).innerText()).toBe("Log in to leave a reply:");
  expect(await page.getByRole("textbox", { name: "Email" }).count()).toBe(0);
  await context.close();
  await blog.close();
});

test("an account without an e-mail can't ask for letters; where the server takes an address, one can be added beside it", async () => {
  const { services, site } = it.blog;
  const account = { site: site.id, id: services.newId(), provider: "work", name: "Grace", email: "", emailVerified: false, createdAt: 0 };
  const { id } = await services.store.keepAccount(account, "grace");
  const kept = { token: await openReaderSession(services, site.id, id), name: "Grace", id: "work", way: "Figures", email: false };
  const { page, context } = await visit(it.browser, it.blog.page("/letters", plainPage()));
  const enter = async (addEmail: boolean) => {
    await page.evaluate((reader) => localStorage.setItem("you-figure:reader", JSON.stringify(reader)), { ...kept, addEmail });
    await page.reload();
    await write(page, "Write to me.");
  };
  const notify = page.getByRole("checkbox", { name: "Notify me of follow-up comments by email" });
  // What the browser kept is older than what the server says.
  await enter(false);
  await page.getByRole("button", { name: "Add an email" }).waitFor();
  expect([await notify.isDisabled(), await notify.isChecked()]).toEqual([true, false]);

  await enter(true);
  await page.getByRole("button", { name: "Add an email" }).click();
  await vi.waitFor(async () => expect(await focused(page)).toBe("you-add-email"));
  await page.keyboard.type("grace@reader.example");
  const asked = page.waitForRequest((request) => request.url().endsWith("/api/v1/auth/email"));
  await page.keyboard.press("Enter");
  const request = await asked;
  expect(request.postDataJSON()).toEqual({ url: `${it.blog.url}/letters`, email: "grace@reader.example" });
  expect(request.headers()["authorization"]).toBe(`Bearer ${kept.token}`);
  await page.getByText("We wrote to grace@reader.example.").waitFor();
  expect(await focused(page)).toBe("you-add-email");
  await vi.waitFor(() => expect(sink.arrived.map(({ to }) => to)).toContainEqual(["grace@reader.example"]), { timeout: 20_000 });
  // Nothing of it is posted with the comment, nor was the comment posted by Enter.
  expect(await page.locator("you-figure article").count()).toBe(0);
  await expectAccessible(page);
  await picture(page, "sign-in-add-email", "an account without an e-mail, to which one is added");
  await context.close();
});
