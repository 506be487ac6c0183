import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { danced } from "../../server/auth/dance.ts";
import { facebook } from "../../server/auth/facebook.ts";
import { oidc } from "../../server/auth/oidc.ts";
import { x } from "../../server/auth/x.ts";
import { type TestApp, testApp } from "../server/setup.ts";
import { type FacebookWire, openFacebook } from "./facebook-wire.ts";
import { type GithubWire, openGithub } from "./github-wire.ts";
import { backFrom, CLIENT } from "./listening.ts";
import { offer, signIn } from "./offered.ts";
import { openQuickIssuer, type QuickIssuer } from "./quick-issuer.ts";
import { openWindow } from "./window.ts";
import { openX, type XWire } from "./x-wire.ts";

let it: TestApp;
let issuer: QuickIssuer;
let github: GithubWire;
let twitter: XWire;
let meta: FacebookWire;
/** Whatever a provider gave away: codes, tokens, secrets. */
let given: string[];
beforeEach(async () => {
  given = [CLIENT.secret];
  [issuer, github, twitter, meta] = await Promise.all([openQuickIssuer(), openGithub(), openX(), openFacebook()]);
  issuer.open("https://comments.example/auth/callback/work");
  const outboundAllow = [issuer, github, twitter, meta].map(({ place }) => place);
  it = await testApp({
    config: { github: CLIENT, githubUrl: github.url, signInEmail: ["github"], outboundAllow },
  });
  const { outbound } = it.services;
  it.services.outbound = async (address, ask) => {
    const response = await outbound(address, ask);
    const text = await response.clone().text();
    given.push(...[...text.matchAll(/"(?:access_token|refresh_token|id_token)":\s*"([^"]+)"/g)].map(([, token]) => token!));
    return response;
  };
  offer(it, [
    ...it.services.providers,
    danced({ ...oidc(), ...CLIENT, id: "work", label: "Work", issuer: issuer.url }),
    danced({ ...x({ email: true, base: twitter.url, api: twitter.url }), ...CLIENT, id: "x", label: "X" }),
    danced({ ...facebook({ version: "v24.0", base: meta.url, graph: meta.url }), ...CLIENT, id: "facebook", label: "Facebook" }),
  ]);
});
afterEach(async () => {
  await Promise.all([it.close(), issuer.close(), github.close(), twitter.close(), meta.close()]);
});

const PROVIDERS = ["github", "work", "x", "facebook"];

/** Every file of the database, as it lies on the disk. */
function onDisk(): string {
  const path = it.placed.env["DATABASE_URL"]!.replace("file:", "");
  return ["", "-wal"].map((end) => readFileSync(path + end, "latin1")).join("");
}

test("of what a provider gives to read a profile nothing is kept: not in the database, the log, the outbox or an answer", async () => {
  const answers: string[] = [];
  for (const id of PROVIDERS) {
    const window = await openWindow(it, id);
    const back = await backFrom(window.went);
    given.push(new URL(back, issuer.url).searchParams.get("code")!);
    answers.push(await (await window.ask(back)).text(), await (await window.confirm()).text());
    const { token = "", ...finished } = await window.finish();
    answers.push(JSON.stringify(finished));
    expect([id, finished.step]).toEqual([id, "done"]);
    // All give the same e-mail; Facebook alone does not vouch that it is this person's, so it passes for the others'.
    const { status } = await it.post({ body: `By ${id}.` }, { authorization: `Bearer ${token}` });
    expect([id, status]).toEqual([id, id === "facebook" ? 202 : 201]);
    // Nor does one that fails leave anything.
    const failed = await openWindow(it, id);
    await failed.ask((await backFrom(failed.went)).replace(/code=[^&]*/, "code=wrong"));
  }
  const kept = { disk: onDisk(), log: JSON.stringify(it.lines), answers: answers.join() };
  // What is looked at is what there is: the comments are on the disk, and the failures in the log.
  for (const id of PROVIDERS) expect(kept.disk).toContain(`By ${id}.`);
  expect(it.lines.filter(({ message }) => message === "a sign-in failed")).toHaveLength(PROVIDERS.length);
  expect(given.length).toBeGreaterThanOrEqual(1 + 2 * PROVIDERS.length);
  for (const [place, text] of Object.entries(kept))
    for (const secret of given) expect([place, text.includes(secret)]).toEqual([place, false]);
});

test("people with the same e-mail are different people, whoever vouches for it", async () => {
  const accounts: string[] = [];
  const keep = it.services.store.keepAccount.bind(it.services.store);
  it.services.store.keepAccount = async (account, subject) => {
    const kept = await keep(account, subject);
    accounts.push(kept.id);
    return kept;
  };
  issuer.reader = { id: "583231", claims: { name: "Anna Figure", email: "anna@reader.example", email_verified: true } };
  twitter.email = "anna@reader.example";
  for (const id of [...PROVIDERS, ...PROVIDERS]) expect(await signIn(it, id)).toMatch(/^done/);
  expect(new Set(accounts).size).toBe(PROVIDERS.length);
  expect(accounts.slice(0, PROVIDERS.length)).toEqual(accounts.slice(PROVIDERS.length));
});

test("whatever a name or an e-mail is at a provider, a comment can be written with it", async () => {
  const zalgo = `A${"\u0301".repeat(9)}nna`;
  const names: unknown[] = ["x".repeat(500), zalgo, "\u0000\ud800", "\u200b\u202e", " \n ", "😀".repeat(100), 7, null, "a\u0000b"];
  const emails: unknown[] = [
    "not one",
    "a@b",
    `${"a".repeat(70)}@reader.example`,
    "a@b.example\r\nBcc: c@d.example",
    7,
    "ä@reader.example",
  ];
  for (const [n, name] of [...names, ...emails].entries()) {
    const email = n < names.length ? "anna@reader.example" : name;
    issuer.reader = {
      id: `reader ${n}`,
      claims: { name: n < names.length ? name : "Anna", preferred_username: name, email, email_verified: true },
    };
    const window = await openWindow(it, "work");
    expect((await window.ask(await backFrom(window.went))).status).toBe(200);
    await window.confirm("Anna");
    const { token = "no token" } = await window.finish();
    const answer = await it.post({ body: `Comment number ${n}.` }, { authorization: `Bearer ${token}` });
    expect([name, email, answer.status]).toEqual([name, email, 201]);
  }
});
