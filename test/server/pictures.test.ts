import { createHash } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { pictureCopier } from "../../server/comments/pictures.ts";
import { corpusJson, haveCorpora } from "../corpora.ts";
import { HOSTILE, png, pngChunk } from "../text/image-samples.ts";
import { PAGE, testApp, type TestApp } from "./setup.ts";

/** Another server that has pictures. */
let asked: string[] = [];
let answer: (response: ServerResponse, url: string) => void;
const elsewhere = createServer((request, response) => {
  asked.push(request.url ?? "");
  answer(response, request.url ?? "");
});
let place = "";
beforeAll(async () => {
  await new Promise<void>((done) => elsewhere.listen(0, "127.0.0.1", done));
  place = `127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
});
afterAll(() => {
  elsewhere.closeAllConnections();
  elsewhere.close();
});

const gives = (bytes: Buffer | string, type = "image/png", status = 200) => {
  answer = (response) => response.writeHead(status, { "content-type": type }).end(bytes);
};

let it: TestApp;
beforeEach(async () => {
  asked = [];
  gives(png());
  it = await testApp({ settings: { gravatar: true }, config: { outboundAllow: [place] } });
  it.services.pictures = pictureCopier(it.services, `http://${place}/avatar`);
});
afterEach(async () => {
  await it.services.pictures.stop();
  await it.close();
});

const copy = async (account: string, from = `http://${place}/anna.png`) => {
  it.services.pictures.copy({ site: it.site.id, account, from });
  await it.services.pictures.rest();
};
const ANNA = "01890000-0000-7000-8000-00000000a11a";
const kept = async (account: string) => (await it.services.store.picturesOf(it.site.id, [account])).get(account)?.digest;
const faces = async () => {
  const thread = (await (await it.get(`/api/v1/thread?url=${encodeURIComponent(PAGE)}`)).json()) as { comments: { avatar: string }[] };
  return thread.comments.map(({ avatar }) => avatar);
};

test("a copy is served from here: of its own type, never changed, never run (S-20)", async () => {
  gives(png({ extra: [pngChunk("tEXt", Buffer.from("GPS\0here"))] }), "text/html");
  await copy(ANNA);
  const response = await it.get(`/avatar/${it.site.id}-${await kept(ANNA)}.svg`);
  expect(response.status).toBe(200);
  expect(Buffer.from(await response.arrayBuffer())).toEqual(png());
  const { headers } = response;
  expect(headers.get("content-type")).toBe("image/png");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
  expect(headers.get("cache-control")).toContain("immutable");
  expect((await it.get(`/avatar/${it.site.id + 1}-${await kept(ANNA)}.svg`)).status).toBe(404);
});

test.each(Object.entries(HOSTILE))("a picture that is %s is none, whatever type it is said to have (S-20)", async (_, text) => {
  for (const type of ["image/png", "image/svg+xml", "image/jpeg"]) {
    gives(Buffer.from(text, "latin1"), type);
    await copy(ANNA);
  }
  expect(asked).toHaveLength(3);
  expect(await kept(ANNA)).toBeUndefined();
});

test("another picture takes the former's place; a failure leaves it", async () => {
  await copy(ANNA);
  const first = await kept(ANNA);
  gives("", "text/plain", 500);
  await copy(ANNA);
  expect(await kept(ANNA)).toBe(first);
  gives(png({ colour: [0, 0, 255] }));
  await copy(ANNA);
  expect(await kept(ANNA)).not.toBe(first);
  expect((await it.get(`/avatar/${it.site.id}-${first}.svg`)).status).toBe(404);
});

test("no redirect is followed, and nothing on this machine is reached that is not allowed (S-24, S-25, S-27)", async () => {
  answer = (response) => response.writeHead(302, { location: `http://${place}/other.png` }).end();
  await copy(ANNA);
  expect(asked).toEqual(["/anna.png"]);
  const [, port] = place.split(":");
  const corpus = haveCorpora ? (corpusJson("ssrf/request-filtering-agent-urls.json") as string[]) : [];
  // Names that only a resolver elsewhere knows would be asked of it.
  const here = corpus.filter((url) => !/nip\.io|bit\.ly|example\.com/.test(url)).map((url) => url.replace("${TEST_PORT}", port!));
  asked = [];
  const it2 = await testApp();
  for (const from of [...here, `https://127.0.0.1:${port}/`, "file:///etc/passwd", "data:image/png;base64,AAAA", "//x", ""]) {
    it2.services.pictures.copy({ site: 1, account: ANNA, from });
    await it2.services.pictures.rest();
  }
  expect(asked).toEqual([]);
  expect((await it2.services.store.picturesOf(1, [ANNA])).size).toBe(0);
  await it2.close();
});

test("a slow provider holds up nobody, and no more than so many wait for it", async () => {
  const held: ServerResponse[] = [];
  answer = (response) => void held.push(response);
  const begun = performance.now();
  for (let i = 0; i < 1_000; i++)
    it.services.pictures.copy({
      site: it.site.id,
      account: `01890000-0000-7000-8000-${String(i).padStart(12, "0")}`,
      from: `http://${place}/${i}`,
    });
  expect((await it.post()).status).toBe(201);
  expect(performance.now() - begun).toBeLessThan(4_000);
  answer = (response) => response.end(png());
  for (const response of held) response.end(png());
  await it.services.pictures.rest();
  expect(asked.filter((url) => !url.includes("avatar")).length).toBe(200);
});

test("Gravatar's pictures are copied by us where the owner wants it: readers see neither its address nor a hash of the e-mail", async () => {
  await it.post({ email: " Anna@Reader.example" });
  await it.services.pictures.rest();
  const hash = createHash("sha256").update("anna@reader.example").digest("hex");
  expect(asked).toEqual([`/avatar/${hash}?s=96&d=404&r=g`]);
  const [face] = await faces();
  expect(face).toMatch(/^1-[0-9a-f]{32}$/);
  expect((await it.get(`/avatar/${face}.svg`)).headers.get("content-type")).toBe("image/png");
  const said = await (await it.get(`/api/v1/thread?url=${encodeURIComponent(PAGE)}`)).text();
  expect(said).not.toContain(hash.slice(0, 12));
  expect(said).not.toMatch(/gravatar\.com/);
  await it.post({ body: "Once more.", email: "anna@reader.example" });
  await it.services.pictures.rest();
  expect(asked).toHaveLength(1);
});

test("who has none at Gravatar keeps the generated one, and is not asked for again for a week", async () => {
  gives("", "text/plain", 404);
  await it.post();
  await it.services.pictures.rest();
  const before = asked.length;
  expect((await faces())[0]).toMatch(/^[0-9a-f]{12}$/);
  it.pass(6 * 86_400_000);
  await it.post({ body: "Six days on." });
  expect(asked).toHaveLength(before);
  it.pass(2 * 86_400_000);
  await it.post({ body: "Eight days on." });
  await it.services.pictures.rest();
  expect(asked).toHaveLength(before + 1);
});

test("nothing is asked of Gravatar unless the owner wants it, and no more once it is off", async () => {
  await it.post();
  await it.services.pictures.rest();
  const log = { id: it.services.newId(), at: 0, by: "test", action: "site" as const };
  await it.services.store.updateSite(it.site.id, { settings: { ...it.site.settings, gravatar: false } }, log);
  asked = [];
  await it.post({ email: "ben@reader.example" });
  await it.services.pictures.rest();
  expect(asked).toEqual([]);
  for (const face of await faces()) expect(face).toMatch(/^[0-9a-f]{12}$/);
});

test("pictures go with their site, and Gravatar's when they are old", async () => {
  await it.post();
  await copy(ANNA);
  const { store, now } = it.services;
  expect(await kept(ANNA)).toBeDefined();
  await store.sweep(now() + 31 * 86_400_000, 0);
  const [face] = await faces();
  expect(face).toMatch(/^[0-9a-f]{12}$/);
  expect(await kept(ANNA)).toBeDefined();
  await store.removeSite(it.site.id, { id: it.services.newId(), at: 0, by: "test", action: "site" });
  expect(await kept(ANNA)).toBeUndefined();
});
