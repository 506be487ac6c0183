import { afterEach, beforeEach, expect, it } from "vitest";
import { openReaderSession } from "../../server/auth/reader-session.ts";
import { linksOf, mailing, type Mailing, pathOf } from "./mailing.ts";

let test: Mailing;
beforeEach(async () => {
  test = await mailing();
  const { services } = test;
  const owner = { id: services.newId(), name: "Olga Petrov", role: "Owner", email: "olga@blog.example", passphrase: null, createdAt: 0 };
  await services.store.addFirstOwner(owner, null, { id: services.newId(), at: 0, by: "test", action: "owner" });
});
afterEach(() => test.close());

/** Someone who signed in here with this e-mail. Returns the header that says so. */
async function signedIn(email: string, emailVerified = true, name = "Anna"): Promise<Record<string, string>> {
  const { services, site } = test;
  const fresh = { site: site.id, id: services.newId(), provider: "work", name, email, emailVerified, createdAt: services.now() };
  const account = await services.store.keepAccount(fresh, services.newId());
  return { authorization: `Bearer ${await openReaderSession(services, site.id, account.id)}` };
}

let said = 0;
/** Posts, and tells why it waits; null where it does not. */
async function reasonOf(fields: Record<string, unknown>, headers: Record<string, string> = {}): Promise<string | null> {
  const response = await test.post({ email: "guest@reader.example", body: `A thought, the ${++said}.`, ...fields }, headers);
  const { comment } = (await response.json()) as { comment: { id: string } };
  expect(response.status).toBeLessThan(300);
  return (await test.services.store.comment(test.site.id, comment.id))?.reason ?? null;
}

const press = async (fields: Record<string, string>) =>
  (
    await test.app.request("/letters/comment", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(fields).toString(),
    })
  ).text();
const tokenIn = (link: string) => new URL(link).searchParams.get("token") ?? "";
const counts = () => test.services.store.queueCounts(test.site.id);

it("a guest under the e-mail of someone who signed in waits, whatever the case, and the one who signed in does not", async () => {
  const anna = await signedIn("Anna@Reader.example");
  expect(await reasonOf({ name: "Ann", email: "anna@reader.example" })).toBe("impersonation");
  expect(await reasonOf({ name: "Ann", email: "ANNA@READER.EXAMPLE" })).toBe("impersonation");
  expect(await reasonOf({}, anna)).toBeNull();
  expect(await reasonOf({ name: "Ann", email: "ann@reader.example" })).toBeNull();
});

it("an e-mail that the provider did not vouch for protects nobody, and proves nothing", async () => {
  const unproven = await signedIn("carla@reader.example", false);
  expect(await reasonOf({ name: "Carla", email: "carla@reader.example" })).toBeNull();
  await signedIn("dora@reader.example");
  expect(await reasonOf({}, await signedIn("dora@reader.example", false, "Dora"))).toBe("impersonation");
  expect(await reasonOf({}, await signedIn("olga@blog.example", false, "Olya"))).toBe("impersonation");
  expect(await reasonOf({}, unproven)).toBeNull();
});

it("a guest under the owner's e-mail waits; the owner signed in as a reader with it does not, whatever the name", async () => {
  expect(await reasonOf({ name: "Olya", email: "olga@blog.example" })).toBe("impersonation");
  expect(await reasonOf({}, await signedIn("olga@blog.example", true, "Olga Petrov"))).toBeNull();
});

it.each([
  "Olga Petrov",
  "OLGA  PETROV",
  "olga.petrov",
  "Оlga Реtrоv",
  "Olgа Petrov ✓",
  "0lga Petrov",
  "O\u200blga Petrov",
  "Ólga Petröv",
  "𝓞𝓵𝓰𝓪 𝓟𝓮𝓽𝓻𝓸𝓿",
  "OIga Petrov",
  "Olga Petrov (Owner)",
  "Olga Petrov, Owner at Blog",
  "owner",
  "Οwner",
  "Αdmin",
  "Blog",
])("a name that looks like the staff's waits: %s", async (name) => {
  expect(await reasonOf({ name })).toBe("impersonation");
  expect(await reasonOf({}, await signedIn("", false, name))).toBe("impersonation");
});

it.each(["Olga", "Petra", "Olga Petrova", "Adam", "Bloggs", "Owen", "李明", "سلمى"])("a name of its own passes: %s", async (name) => {
  expect(await reasonOf({ name })).toBeNull();
});

it("who shares a name with the staff is somebody else once they have let one comment through", async () => {
  expect(await reasonOf({ name: "Olga Petrov", email: "other@reader.example" })).toBe("impersonation");
  const { rows } = await test.services.store.queue({ status: "held", sort: "newest", limit: 1 });
  const log = { id: test.services.newId(), at: 0, by: "test", action: "status" as const };
  await test.services.store.setStatus([rows[0]!.row], "approved", null, log);
  expect(await reasonOf({ name: "Olga Petrov", email: "other@reader.example" })).toBeNull();
  expect(await reasonOf({ name: "Olga Petrov", email: "third@reader.example" })).toBe("impersonation");
});

it("the real one is asked by letter: looking decides nothing, “yes” lets it through, once", async () => {
  await signedIn("anna@reader.example");
  await reasonOf({ name: "Ann", body: "Buy at https://evil.example/x", email: "anna@reader.example" });
  const letters = await test.deliver();
  expect(letters.map(({ to }) => to[0]).toSorted()).toEqual(["anna@reader.example", "olga@blog.example"]);
  const letter = test.last("anna@reader.example");
  expect(letter.mail.subject).toBe("Was it you? A comment by Ann at Blog");
  const [link = "", ...others] = linksOf(letter);
  expect(others).toEqual([]);
  const page = await test.get(pathOf(link));
  const text = await page.text();
  expect(text).toContain("Yes, it was me");
  expect(text).not.toMatch(/href="[^"]*evil/);
  expect(page.headers.get("referrer-policy")).toBe("no-referrer");
  expect((await counts()).held).toBe(1);
  expect(await press({ token: tokenIn(link), act: "yes" })).toContain("It is public now.");
  expect(await counts()).toMatchObject({ held: 0, approved: 1 });
  expect(await press({ token: tokenIn(link), act: "no" })).toContain("nothing left to decide");
  expect(await counts()).toMatchObject({ approved: 1, spam: 0 });
});

it("“no” is spam, and who wrote it is told nothing of that", async () => {
  await reasonOf({ name: "Olga Petrov" });
  const [letter, ...others] = await test.deliver();
  // Not a second one that tells of the same comment.
  expect(others).toEqual([]);
  expect(letter?.to).toEqual(["olga@blog.example"]);
  expect(await press({ token: tokenIn(linksOf(letter!)[0]!), act: "no" })).toContain("Nobody will see it.");
  expect(await counts()).toMatchObject({ held: 0, spam: 1 });
});

it("what another rule holds waits on after “yes”, for that rule's reason", async () => {
  await test.close();
  test = await mailing({ settings: { holdFirst: true } });
  await signedIn("anna@reader.example");
  expect(await reasonOf({ name: "Ann", email: "anna@reader.example" })).toBe("impersonation");
  await test.deliver();
  const [link = ""] = linksOf(test.last("anna@reader.example"));
  expect(await press({ token: tokenIn(link), act: "yes" })).toContain("waits for the owner");
  const { rows } = await test.services.store.queue({ status: "held", sort: "newest", limit: 1 });
  expect(rows[0]?.row.reason).toBe("first");
});

it("takes no token but its own comment's", async () => {
  await signedIn("anna@reader.example");
  for (const body of ["One.", "Two."]) await reasonOf({ name: "Ann", email: "anna@reader.example", body });
  await test.deliver();
  const tokens = test.sink.arrived
    .flatMap(linksOf)
    .filter((href) => href.includes("/letters/comment"))
    .map(tokenIn);
  const [one, two] = tokens.map((token) => token.split(".")) as [string[], string[]];
  for (const forged of ["", "x", `${one[0]}.${one[1]}.${two[2]}`, `2.${one[1]}.${one[2]}`, `${tokens[0]}x`]) {
    expect((await test.get(`/letters/comment?token=${encodeURIComponent(forged)}`)).status).toBe(404);
    expect(await press({ token: forged, act: "yes" })).toContain("not_found");
  }
  expect((await counts()).held).toBe(2);
});

it("forty comments under someone's e-mail write them three letters a day (S-43)", async () => {
  await signedIn("anna@reader.example");
  for (let i = 0; i < 40; i++) await reasonOf({ name: "Ann", email: "anna@reader.example" });
  await test.deliver();
  expect(test.sink.arrived.filter(({ to }) => to[0] === "anna@reader.example")).toHaveLength(3);
});

it("where no mail is sent it waits all the same", async () => {
  await test.close();
  test = await mailing({ config: { smtpUrl: "" } });
  await signedIn("anna@reader.example");
  expect(await reasonOf({ name: "Ann", email: "anna@reader.example" })).toBe("impersonation");
  expect((await test.services.store.letterCounts()).waiting).toBe(0);
});
