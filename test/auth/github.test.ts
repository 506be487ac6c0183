import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { github } from "../../server/auth/github.ts";
import { type TestApp, testApp } from "../server/setup.ts";
import { type GithubWire, openGithub } from "./github-wire.ts";
import { backFrom, CLIENT } from "./listening.ts";
import { failures, offer, signIn } from "./offered.ts";
import { openWindow } from "./window.ts";

let it: TestApp;
let wire: GithubWire;
beforeEach(async () => {
  wire = await openGithub();
});
afterEach(async () => {
  await Promise.all([it.close(), wire.close()]);
});

/** Set up by the environment, as for an Enterprise Server. */
async function begin(signInEmail: string[] = []) {
  it = await testApp({ config: { github: CLIENT, githubUrl: wire.url, signInEmail, outboundAllow: [wire.place] } });
  return offer(it, it.services.providers);
}
const ANNA = {
  subject: "583231",
  name: "Anna Figure",
  email: "",
  emailVerified: false,
  picture: "https://avatars.githubusercontent.com/u/583231?v=4",
  handle: "annafigure",
  url: "https://github.com/annafigure",
};
const IN = "done: Anna Figure (GitHub)";

describe("a reader of GitHub", () => {
  test("signs in with what is public, and is the number there, not the name", async () => {
    const told = await begin();
    expect(await signIn(it, "github")).toBe(IN);
    wire.user["login"] = "annas-new-name";
    expect(await signIn(it, "github")).toBe(IN);
    expect(told).toEqual([ANNA, { ...ANNA, handle: "annas-new-name" }]);
    expect(wire.scopes).toEqual(["", ""]);
    expect(wire.asked).not.toContain("GET /api/v3/user/emails");
    // Taken back: they would be good for ever.
    expect(wire.tokens.size).toBe(0);
    expect(it.lines.filter(({ level }) => level === "warn")).toEqual([]);
  });

  test("of an older Enterprise Server, which does not name itself in its answers, signs in too", async () => {
    await begin();
    wire.namesItself = false;
    expect(await signIn(it, "github")).toBe(IN);
  });

  test("who has no name shown is called as the account is", async () => {
    await begin();
    wire.user["name"] = null;
    expect(await signIn(it, "github")).toBe("done: annafigure (GitHub)");
  });

  test("gives the e-mail that is theirs and confirmed where it is asked for; never one that reaches nobody", async () => {
    const told = await begin(["github"]);
    const entry = { email: "anna@reader.example", primary: true, verified: true, visibility: null };
    const lists = [
      [{ ...entry, email: "other@reader.example", primary: false }, entry],
      [{ ...entry, verified: false }],
      [{ ...entry, primary: false }],
      [{ ...entry, email: "583231+annafigure@users.noreply.github.com" }],
      [],
    ];
    for (const emails of lists) {
      wire.emails = emails;
      expect(await signIn(it, "github")).toBe(IN);
    }
    expect(told.map(({ email, emailVerified }) => [email, emailVerified])).toEqual([
      ["anna@reader.example", true],
      ...lists.slice(1).map(() => ["", false]),
    ]);
    expect(new Set(wire.scopes)).toEqual(new Set(["user:email"]));
  });
});

describe("nobody gets in", () => {
  test("who said no, with a code that was used, another's state, or an answer that names another", async () => {
    await begin();
    wire.denies = true;
    expect(await signIn(it, "github")).toBe("refused with 400: failed");
    wire.denies = false;
    const [window, other] = [await openWindow(it, "github"), await openWindow(it, "github")];
    const back = await backFrom(window.went);
    expect((await other.ask(back)).status).toBe(400);
    expect((await window.ask(back)).status).toBe(200);
    // GitHub says so with status 200.
    const code = new URL(back, wire.url).searchParams.get("code")!;
    const again = async ({ went }: { went: string }) => (await backFrom(went)).replace(/code=[^&]*/, `code=${code}`);
    expect(await signIn(it, "github", again)).toBe("refused with 400: failed");
    const evil = async ({ went }: { went: string }) => (await backFrom(went)).replace(/iss=[^&]*/, "iss=https%3A%2F%2Fgithub.com");
    expect(await signIn(it, "github", evil)).toBe("refused with 400: failed");
    expect(failures(it).map(({ cause }) => cause)).toEqual([
      "OAUTH_AUTHORIZATION_RESPONSE_ERROR",
      "OAUTH_INVALID_RESPONSE",
      "OAUTH_INVALID_RESPONSE",
      "OAUTH_INVALID_RESPONSE",
    ]);
  });

  test("by a profile without a number", async () => {
    await begin();
    for (const id of [undefined, null, "", {}, 1.5, Number.MAX_VALUE]) {
      wire.user["id"] = id;
      expect([id, await signIn(it, "github")]).toEqual([id, "refused with 400: failed"]);
    }
  });
});

test("github.com itself is asked at its own addresses", async () => {
  it = await testApp();
  expect(github({ base: it.services.config.githubUrl, email: true }).endpoints).toMatchObject({
    issuer: "https://github.com/login/oauth",
    authorize: "https://github.com/login/oauth/authorize",
    token: "https://github.com/login/oauth/access_token",
    profile: "https://api.github.com/user",
    emails: "https://api.github.com/user/emails",
  });
});
