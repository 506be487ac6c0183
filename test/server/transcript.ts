/** One long conversation with the server, written down so that two engines' answers can be laid side by side. */
import type { Posted } from "../../server/wire/comment.ts";
import { type Panel, panelApp } from "../panel/owner.ts";
import type { Placed } from "./place.ts";
import { ORIGIN } from "./setup.ts";

export interface Line {
  asked: string;
  status: number;
  headers: Record<string, string>;
  said: unknown;
}

/** Differ from one run to the next, whatever the engine. */
const OF_THE_MOMENT = new Set(["etag", "x-request-id", "date", "set-cookie", "content-length", "last-modified"]);

/** Puts in the place of each id the number of its first appearance, and takes out times, tokens and hashes. */
function plainOf(): (text: string) => string {
  const ids = new Map<string, string>();
  return (text) =>
    text
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => {
        if (!ids.has(id)) ids.set(id, `id-${ids.size + 1}`);
        return ids.get(id) as string;
      })
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, "a time")
      .replace(/(At":)1\d{12}/g, '$1"a time"')
      .replace(/("(?:editToken|token)":)"[^"]*"/g, '$1"a token"')
      .replace(/(name="token" value=)"[^"]*"/g, '$1"a token"')
      .replace(/(<time datetime="a time") title="[^"]*">[^<]*/g, "$1>some time ago")
      .replace(/(\/avatar\/)[\w-]+/g, "$1a-face")
      .replace(/("avatar":)"[^"]*"/g, '$1"a face"');
}

interface Talk {
  app: Panel;
  lines: Line[];
  note(asked: string, answer: Response): Promise<string>;
}

const page = (name: string) => `${ORIGIN}/${name}`;
const threadPath = (name: string, more = "") => `/api/v1/thread?url=${encodeURIComponent(page(name))}${more}`;

async function post(talk: Talk, fields: Record<string, unknown>, headers: Record<string, string> = {}): Promise<Posted> {
  const said = await talk.note(`post ${JSON.stringify(fields)}`, await talk.app.post({ url: page("a"), ...fields }, headers));
  return JSON.parse(said) as Posted;
}

const get = async (talk: Talk, path: string) => talk.note(`get ${path}`, await talk.app.get(path));
const ask = async (talk: Talk, method: string, path: string, body?: unknown) =>
  talk.note(`${method} ${path} ${JSON.stringify(body ?? null)}`, await talk.app.ask(method, path, body));

/** Everything that a reader and an owner can do, on an engine of one's choice. */
export async function transcript(engine: Placed["engine"]): Promise<Line[]> {
  const app = await panelApp({ engine, settings: { holdWords: ["wait"] } });
  const plain = plainOf();
  const talk: Talk = {
    app,
    lines: [],
    async note(asked, answer) {
      const said = await answer.text();
      const headers = Object.fromEntries([...answer.headers].filter(([name]) => !OF_THE_MOMENT.has(name)));
      talk.lines.push({ asked: plain(asked), status: answer.status, headers, said: plain(said) });
      return said;
    },
  };
  try {
    await readersTalk(talk);
    await ownerTalks(talk);
    await longTalk(talk);
    return talk.lines;
  } finally {
    await app.close();
  }
}

const ODD_TEXTS = [
  "Ünï \u{1F600} مرحبا\n\n> quoted\n\n```js\nlet a = 1;\n```",
  "'; drop table comments; -- \\ % _",
  "<b>&amp;</b> [x](javascript:1)",
];

async function readersTalk(talk: Talk): Promise<void> {
  const first = await post(talk, { body: "A first *thought*.", title: "A page" });
  const reply = await post(talk, { body: "An answer.", parent: first.comment.id, name: "Bert", email: "bert@reader.example" });
  await post(talk, { body: "Deeper.", parent: reply.comment.id, name: "Zoë", email: "zoe@reader.example", website: "https://zoe.example" });
  for (const [i, body] of ODD_TEXTS.entries()) await post(talk, { body, email: `odd${i}@reader.example`, url: page("odd") });
  await post(talk, { body: "Please wait for me.", email: "held@reader.example" });
  await post(talk, { body: "I am a robot.", email: "robot@reader.example", phone: "1" });
  await post(talk, { body: "A first *thought*." });
  await post(talk, { body: "nul \0", email: "nul@reader.example" });
  await post(talk, { body: "half \ud800", email: "half@reader.example" });
  await post(talk, { body: "To nobody.", parent: "01890000-0000-7000-8000-000000000000", email: "c@reader.example" });
  const key = { "idempotency-key": "the-same-key" };
  const once = { body: "Once only.", email: "once@reader.example", token: await talk.app.token() };
  await post(talk, once, key);
  await post(talk, once, key);
  await post(talk, { ...once, body: "Something else." }, key);
  const own = `/api/v1/sites/${talk.app.site.id}/comments/${first.comment.id}`;
  const bearer = { authorization: `Bearer ${first.editToken}` };
  await talk.note("own", await talk.app.get(own, bearer));
  await talk.note("edit", await talk.app.send("PATCH", own, { body: "A second thought." }, bearer));
  await talk.note("edit, held", await talk.app.send("PATCH", own, { body: "wait" }, bearer));
  await talk.note("delete", await talk.app.send("DELETE", own, undefined, bearer));
  for (const name of ["a", "odd", "none"]) await get(talk, threadPath(name));
  await get(talk, threadPath("a", `&around=${reply.comment.id}`));
  await get(talk, threadPath("a", `&parent=${first.comment.id}`));
  await get(talk, `/thread?url=${encodeURIComponent(page("a"))}`);
  await get(talk, `/api/v1/counts?url=${["a", "odd", "none"].map((name) => encodeURIComponent(page(name))).join("&url=")}`);
}

const SEARCHES = [
  "answer",
  "answ",
  "ANSWER deeper",
  "zoe",
  "Zoë",
  "zoe@reader.exam",
  "مرحبا",
  "drop table",
  "table drop",
  "'; drop",
  "first thought",
  "uni",
  "ünï",
  "let a",
  "a",
  "%",
  "_",
  "\0",
  '"',
  "NEAR(a b)",
  "a OR b",
  "isapproved",
  "#1",
  "site1",
];

async function ownerTalks(talk: Talk): Promise<void> {
  const site = talk.app.site.id;
  for (const query of ["", "?status=held", "?status=spam", "?sort=oldest", `?site=${site}&page=1`, "?site=99"])
    await ask(talk, "GET", `/queue${query}`);
  for (const search of SEARCHES) await ask(talk, "GET", `/queue?search=${encodeURIComponent(search)}`);
  const items = (await talk.app.take<{ items: { comment: { id: string }; status: string }[] }>("GET", "/queue?sort=oldest")).items;
  const held = items.filter(({ status }) => status === "held").map(({ comment }) => ({ site, id: comment.id }));
  const approved = items.filter(({ status }) => status === "approved").map(({ comment }) => ({ site, id: comment.id }));
  await ask(talk, "POST", "/comments/status", { ids: held, to: "approved" });
  await ask(talk, "POST", "/comments/status", { ids: approved.slice(0, 3), to: "trash" });
  await get(talk, threadPath("a"));
  await ask(talk, "POST", "/comments/status", { ids: approved.slice(0, 2), to: "former" });
  const path = `/sites/${site}/comments/${approved[0]!.id}`;
  const { item } = JSON.parse(await ask(talk, "GET", path)) as { item: { comment: { version: number } } };
  const edit = { body: "As the owner would say it.", name: "Bert", email: "bert@reader.example", website: "" };
  for (const version of [item.comment.version, item.comment.version]) await ask(talk, "PATCH", path, { ...edit, version });
  await ask(talk, "GET", `${path}/history`);
  await ask(talk, "POST", `${path}/reply`, { body: "Thank you.", key: "a-key-for-one-reply" });
  await ask(talk, "PATCH", `/sites/${site}/pages`, { url: page("a"), title: "50% _new_", open: false });
  for (const search of ["", "?search=50%25", "?search=_NEW", "?search=%00"]) await ask(talk, "GET", `/sites/${site}/pages${search}`);
  await post(talk, { body: "Too late.", email: "late@reader.example" });
  await ask(talk, "POST", "/comments/purge", { ids: approved.slice(0, 2) });
  await ask(talk, "POST", "/comments/empty", { status: "spam" });
  await ask(talk, "POST", "/sites", { name: "Two", origins: ["https://two.example", ORIGIN] });
  await ask(talk, "POST", "/sites", { name: "Two", origins: ["https://two.example"] });
  await ask(talk, "PATCH", "/sites/2", { name: "Three" });
  await ask(talk, "GET", "/sites");
  await ask(talk, "POST", `/sites/${site}/ways`, { kind: "oidc" });
  await ask(talk, "POST", `/sites/${site}/ways`, { kind: "github" });
  await ask(talk, "PATCH", `/sites/${site}/ways/${site}-oidc`, { issuer: "https://login.example", client: "c", secret: "s" });
  await ask(talk, "PUT", `/sites/${site}/ways/order`, { ids: [`${site}-github`, `${site}-oidc`] });
  await get(talk, threadPath("a"));
  await ask(talk, "DELETE", `/sites/${site}/ways/${site}-github`);
  await ask(talk, "DELETE", "/sites/2", { name: "Three" });
  await get(talk, threadPath("a"));
}

/** More than one answer holds, in both orders; and then the whole site as it is exported. */
async function longTalk(talk: Talk): Promise<void> {
  const tops: string[] = [];
  for (let i = 0; i < 54; i++)
    tops.push((await post(talk, { body: `Top ${i}`, url: page("long"), email: `r${i}@reader.example` })).comment.id);
  for (let i = 0; i < 12; i++)
    await post(talk, { body: `Reply ${i}`, url: page("long"), parent: tops[i % 2], email: `s${i}@reader.example` });
  for (const sort of ["oldest", "newest"]) {
    const thread = JSON.parse(await get(talk, threadPath("long", `&sort=${sort}`))) as { next?: string | null };
    await get(talk, threadPath("long", `&sort=${sort}&after=${thread.next}`));
    const queue = JSON.parse(await ask(talk, "GET", `/queue?sort=${sort}`)) as { next: string };
    await ask(talk, "GET", `/queue?sort=${sort}&after=${queue.next}`);
    await ask(talk, "GET", `/queue?sort=${sort}&search=top`);
  }
  await ask(talk, "GET", `/sites/${talk.app.site.id}/export`);
}
