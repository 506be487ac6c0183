import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { readReader } from "../../server/auth/reader-session.ts";
import { cleanImage } from "../../server/comments/image.ts";
import { type Issuer, openIssuer } from "../auth/issuer.ts";
import { animatedGif, intoJpeg, jpegSegment, png, pngChunk } from "../text/image-samples.ts";
import { type Blog, launch, openBlog, plainPage, visit } from "./browser.ts";

const held: ServerResponse[] = [];
let answer: (response: ServerResponse) => void = (response) => void held.push(response);
const elsewhere = createServer((_, response) => answer(response));
let browser: Browser;
let issuer: Issuer;
let blog: Blog;
beforeAll(async () => {
  await new Promise<void>((done) => elsewhere.listen(0, "127.0.0.1", done));
  const place = `127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  issuer = await openIssuer();
  issuer.picture = `http://${place}/anna.png`;
  const env = {
    OIDC: JSON.stringify([{ id: "work", label: "Figures", issuer: issuer.url, ...issuer.client }]),
    OUTBOUND_ALLOW: `${issuer.place},${place}`,
  };
  [browser, blog] = await Promise.all([launch(), openBlog({}, undefined, env)]);
  issuer.open(`${blog.services.config.publicUrl}/auth/callback/work`);
});
afterAll(async () => {
  await browser.close();
  await blog.close();
  await issuer.close();
  elsewhere.closeAllConnections();
  elsewhere.close();
});

test("who signs in waits for no picture; it is shown from here once it is copied, and never from the provider", async () => {
  const { page, context, complaints } = await visit(browser, blog.page("/pictures", plainPage()));
  const requests: string[] = [];
  context.on("request", (request) => requests.push(request.url()));
  const text = page.getByRole("textbox", { name: "Write a comment" });
  await text.focus();
  await text.fill("With my picture.");
  const [popup] = await Promise.all([page.waitForEvent("popup"), page.getByRole("button", { name: "Figures" }).click()]);
  await popup.locator("[name=login]").fill("anna");
  await popup.locator("[name=password]").fill("whatever");
  await popup.getByRole("button", { name: "Sign-in" }).click();
  await popup.getByRole("button", { name: "Continue" }).click();
  await popup.getByRole("heading", { name: "Continue as Anna Figure on Blog?" }).waitFor();
  await popup.locator("#digits").waitFor({ state: "hidden" });
  await Promise.all([popup.waitForEvent("close"), popup.getByRole("button", { name: "Continue" }).click()]);
  // The provider of the picture has not said a word yet.
  await page.getByText("You are commenting using your Figures account.").waitFor();
  await vi.waitFor(() => expect(held).toHaveLength(1));
  answer = (response) => response.writeHead(200, { "content-type": "image/png" }).end(png());
  answer(held[0]!);
  await blog.services.pictures.rest();
  await page.getByRole("button", { name: "Post Comment" }).click();
  await page.locator("you-figure .marked", { hasText: "With my picture." }).waitFor();
  await page.reload();
  const face = page.locator("you-figure .comment", { hasText: "With my picture." }).locator("[part=avatar]");
  await face.scrollIntoViewIfNeeded();
  await vi.waitFor(async () => expect(await face.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(4));
  expect(await face.getAttribute("src")).toMatch(/\/avatar\/1-[0-9a-f]{32}\.svg$/);
  // Another picture is shown from the next sign-in on, also where she wrote before.
  answer = (response) => response.writeHead(200, { "content-type": "image/png" }).end(png({ width: 6 }));
  const token = (JSON.parse((await page.evaluate(() => localStorage.getItem("you-figure:reader")))!) as { token: string }).token;
  const { id } = (await readReader(blog.services, blog.site.id, token))!;
  blog.services.pictures.copy({ site: blog.site.id, account: id, from: issuer.picture });
  await blog.services.pictures.rest();
  await page.reload();
  await face.scrollIntoViewIfNeeded();
  await vi.waitFor(async () => expect(await face.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(6));
  expect(requests.filter((url) => url.includes("anna.png"))).toEqual([]);
  expect(complaints).toEqual([]);
  await context.close();
});

test("a picture that was cleaned is drawn as before, in each format", async () => {
  const page = await (await browser.newContext()).newPage();
  const made = (type: string) =>
    page.evaluate(async (type) => {
      const canvas = new OffscreenCanvas(48, 40);
      const pen = canvas.getContext("2d")!;
      pen.fillStyle = "#c33";
      pen.fillRect(0, 0, 30, 40);
      pen.fillStyle = "rgb(0 0 255 / 50%)";
      pen.fillRect(20, 10, 20, 20);
      const blob = await canvas.convertToBlob({ type });
      return [...new Uint8Array(await blob.arrayBuffer())];
    }, type);
  const pixels = (type: string, bytes: Buffer) =>
    page.evaluate(
      async ({ type, bytes }) => {
        const image = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type }));
        const pen = new OffscreenCanvas(image.width, image.height).getContext("2d")!;
        pen.drawImage(image, 0, 0);
        return [...pen.getImageData(0, 0, image.width, image.height).data];
      },
      { type, bytes: [...bytes] },
    );
  const jpeg = intoJpeg(
    Buffer.from(await made("image/jpeg")),
    jpegSegment(0xe1, "Exif\0\0MM\0*\0\0\0\x08\0\0GPS"),
    jpegSegment(0xfe, "a comment"),
  );
  const full = Buffer.from(await made("image/png"));
  const noted = Buffer.concat([full.subarray(0, 33), pngChunk("tEXt", Buffer.from("Author\0Anna")), full.subarray(33)]);
  const pictures = {
    "image/jpeg": jpeg,
    "image/png": noted,
    "image/webp": Buffer.from(await made("image/webp")),
    "image/gif": animatedGif(),
  };
  for (const [type, bytes] of Object.entries(pictures)) {
    const clean = cleanImage(bytes);
    expect(clean?.type, type).toBe(type);
    expect(await pixels(type, clean!.bytes), type).toEqual(await pixels(type, bytes));
    if (type === "image/jpeg" || type === "image/png") expect(clean!.bytes.length).toBeLessThan(bytes.length);
  }
  await page.context().close();
});
