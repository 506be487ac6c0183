import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { History, ModeratorView, Queue, QueueItem, ReplyAnswer, StatusAnswer } from "../../server/wire/panel-comments.ts";
import type { PageLine } from "../../server/wire/panel-sites.ts";
import { PAGE } from "../server/setup.ts";
import { type Panel, panelApp } from "./owner.ts";

let app: Panel;
beforeEach(async () => {
  app = await panelApp({ settings: { holdWords: ["wait"] } });
});
afterEach(() => app.close());

const post = async (fields: Record<string, unknown> = {}): Promise<string> => {
  const answer = await app.post(fields);
  if (!answer.ok) throw new Error(await answer.text());
  return ((await answer.json()) as { comment: { id: string } }).comment.id;
};
const held = (fields: Record<string, unknown> = {}) => post({ body: "Please wait.", ...fields });
const ref = (id: string) => ({ site: app.site.id, id });
const move = (ids: string[], to: string, more: object = {}) =>
  app.take<StatusAnswer>("POST", "/comments/status", { ids: ids.map(ref), to, ...more });
const path = (id: string) => `/sites/${app.site.id}/comments/${id}`;
const queue = (query = "") => app.take<Queue>("GET", `/queue${query}`);
const statusOf = async (id: string) => (await app.services.store.comment(app.site.id, id))?.status;
const thread = async () =>
  (await (await app.get(`/api/v1/thread?url=${encodeURIComponent(PAGE)}`)).json()) as {
    page: { count: number };
    comments: { id: string; body: unknown; role?: string }[];
  };

describe("the queue", () => {
  test("shows who, what, where, whom it answers and why it waits", async () => {
    const parent = await post();
    await held({ parent, name: "Bert", email: "bert@reader.example", website: "https://bert.example", title: "A post" });
    const { items, counts } = await queue("?status=held");
    expect(counts).toEqual({ held: 1, approved: 1, spam: 0, trash: 0 });
    expect(items).toMatchObject([
      {
        site: app.site.id,
        page: { url: PAGE, open: true },
        comment: { name: "Bert", website: "https://bert.example/", parent },
        email: "bert@reader.example",
        status: "held",
        reason: "word",
        to: "Anna",
      },
    ]);
  });

  test("searches text, name and e-mail in the view that is asked for", async () => {
    const first = await post({ body: "About the glue", name: "Zora", email: "zora@reader.example" });
    await post({ body: "About nothing", name: "Emil", email: "emil@reader.example" });
    for (const search of ["glue", "Zora", "zora@reader.example"]) {
      const { items } = await queue(`?search=${encodeURIComponent(search)}`);
      expect([search, items.map(({ comment }) => comment.id)]).toEqual([search, [first]]);
    }
    expect((await queue("?search=glue&status=held")).items).toEqual([]);
  });

  test("goes on by key where 50 end, in both orders, each comment once", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 55; i++) ids.push(await post({ body: `Number ${i}` }));
    for (const sort of ["oldest", "newest"]) {
      const first = await queue(`?sort=${sort}`);
      const second = await queue(`?sort=${sort}&after=${first.next}`);
      const seen = [...first.items, ...second.items].map(({ comment }) => comment.id);
      expect([first.items.length, second.next]).toEqual([50, null]);
      expect(seen).toEqual(sort === "oldest" ? ids : [...ids].reverse());
    }
  });
});

test("the queue goes on after an id and after nothing else", async () => {
  for (const search of ["", "&search=a"])
    for (const after of ["zzz", "%00", "0".repeat(36)])
      expect((await app.ask("GET", `/queue?after=${after}${search}`)).status, after).toBe(422);
});

describe("a comment's status", () => {
  test.each([
    ["held", "approved"],
    ["held", "spam"],
    ["held", "trash"],
    ["approved", "held"],
    ["approved", "spam"],
    ["approved", "trash"],
    ["spam", "approved"],
    ["spam", "held"],
    ["spam", "trash"],
    ["trash", "approved"],
    ["trash", "held"],
    ["trash", "spam"],
  ])("goes from %s to %s, the counts with it, and readers see it only while it is approved", async (from, to) => {
    const id = await post();
    if (from !== "approved") await move([id], from);
    expect((await move([id], to)).changes).toEqual([{ ...ref(id), from, to }]);
    const { counts } = await queue();
    expect(counts).toEqual({ held: 0, approved: 0, spam: 0, trash: 0, [to]: 1 });
    const shown = await thread();
    expect([shown.page.count, shown.comments.length]).toEqual(to === "approved" ? [1, 1] : [0, 0]);
  });

  test.each(["held", "approved"])("returns to %s when it is restored, also by way of spam and trash", async (former) => {
    const id = await post();
    if (former === "held") await move([id], "held");
    await move([id], "spam");
    await move([id], "trash");
    await move([id], "former");
    expect(await statusOf(id)).toBe(former);
    expect((await move([id], "former")).changes).toEqual([]);
  });

  test("is held for the same reason again, wherever it lay meanwhile", async () => {
    const id = await held();
    for (const way of [["trash"], ["spam"], ["spam", "trash"], ["trash", "spam"]]) {
      for (const to of way) await move([id], to);
      await move([id], "former");
      expect((await queue("?status=held")).items[0], way.join()).toMatchObject({ status: "held", reason: "word", former: null });
    }
  });

  test("says why it had come straight into spam when it is held instead", async () => {
    const { comment } = (await (await app.post({ phone: "1" })).json()) as { comment: { id: string } };
    await move([comment.id], "trash");
    await move([comment.id], "former");
    expect((await queue("?status=held")).items[0]).toMatchObject({ status: "held", reason: "honeypot" });
    await move([comment.id], "approved");
    await move([comment.id], "trash");
    await move([comment.id], "former");
    expect((await queue("?status=approved")).items[0]).toMatchObject({ status: "approved", reason: null });
  });

  test("an undone approval puts back why it was held; the log has both acts and says which took back", async () => {
    const id = await held();
    await move([id], "approved");
    await move([id], "held", { reason: "word", undo: true });
    expect((await queue("?status=held")).items[0]).toMatchObject({ status: "held", reason: "word" });
    const { log } = await app.take<History>("GET", `${path(id)}/history`);
    expect(log).toMatchObject([
      { by: "Olga", action: "status", from: "approved", to: "held", note: "undo" },
      { by: "Olga", action: "status", from: "held", to: "approved", note: null },
    ]);
  });

  test("changes for many at once, whatever they were; unknown ids are passed over", async () => {
    const ids = [await post(), await held(), await post({ body: "third" })];
    const { changes } = await move([...ids, "00000000-0000-7000-8000-000000000000"], "spam");
    expect(changes.map(({ id, from }) => [id, from])).toEqual([
      [ids[0], "approved"],
      [ids[1], "held"],
      [ids[2], "approved"],
    ]);
  });
});

describe("an edit", () => {
  const edit = (view: ModeratorView, change: object) => {
    const { comment, email } = view.item;
    return app.ask("PATCH", path(comment.id), {
      body: view.source,
      name: comment.name,
      email,
      website: "",
      version: comment.version,
      ...change,
    });
  };
  const read = (id: string) => app.take<ModeratorView>("GET", path(id));

  test("is rendered and checked like any other text, and the former one is kept", async () => {
    const id = await post({ body: "Befor" });
    const answer = await edit(await read(id), { body: "**After** <script>alert(1)</script>", name: "Ann" });
    expect(((await answer.json()) as QueueItem).comment).toMatchObject({ name: "Ann", editedAt: expect.any(String) });
    expect(JSON.stringify((await thread()).comments[0]?.body)).toContain("<script>");
    expect((await read(id)).source).toBe("**After** <script>alert(1)</script>");
    const { revisions } = await app.take<History>("GET", `${path(id)}/history`);
    expect(revisions).toMatchObject([{ source: "Befor", name: "Anna", by: "Olga" }]);
  });

  test("of the name alone does not mark the text as edited", async () => {
    const id = await post();
    await edit(await read(id), { name: "Ann" });
    expect((await read(id)).item.comment.editedAt).toBeUndefined();
  });

  test("with a bad website or no text is refused at the field", async () => {
    const view = await read(await post());
    for (const [change, fields] of [
      [{ website: "javascript:alert(1)" }, { website: "invalid" }],
      [{ body: " " }, { body: "required" }],
      [{ body: "x".repeat(10_001) }, { body: "too_long" }],
    ] as const) {
      expect(await (await edit(view, change)).json()).toMatchObject({ error: { code: "invalid", fields } });
    }
  });

  test("over someone else's is refused, and both stand in the log", async () => {
    const id = await post();
    const [mine, theirs] = [await read(id), await read(id)];
    expect((await edit(theirs, { body: "Theirs" })).status).toBe(200);
    const answer = await edit(mine, { body: "Mine" });
    expect([answer.status, ((await answer.json()) as { error: { code: string } }).error.code]).toEqual([409, "changed_meanwhile"]);
    expect((await edit(await read(id), { body: "Mine" })).status).toBe(200);
    expect((await app.take<History>("GET", `${path(id)}/history`)).log.filter(({ action }) => action === "edit")).toHaveLength(2);
  });
});

describe("an answer by the owner", () => {
  const key = "0123456789abcdef";
  const reply = (id: string, body = "Thank *you*.", more: object = {}) => app.ask("POST", `${path(id)}/reply`, { body, key, ...more });

  test("approves what it answers and carries name and role", async () => {
    const id = await held();
    const answer = (await (await reply(id)).json()) as ReplyAnswer;
    expect(answer.parent).toMatchObject({ status: "approved", reason: null });
    expect(answer.reply).toMatchObject({ status: "approved", to: "Anna", comment: { name: "Olga", role: "Owner", parent: id } });
    expect((await thread()).comments.map(({ role }) => role)).toEqual([undefined, "Owner"]);
  });

  test("sent twice is stored once; another text under the same key is refused", async () => {
    const id = await post();
    const [first, second] = await Promise.all([reply(id), reply(id)]);
    const ids = await Promise.all([first, second].map(async (answer) => ((await answer.json()) as ReplyAnswer).reply.comment.id));
    expect(ids[0]).toBe(ids[1]);
    expect((await thread()).page.count).toBe(2);
    expect((await reply(id, "Something else")).status).toBe(422);
  });

  test("that is refused, since its key or its text is no good, approves nothing", async () => {
    await reply(await post({ body: "Another" }));
    const waiting = await held();
    expect((await reply(waiting, "Something else")).status).toBe(422);
    expect((await reply(waiting, "[x]: https://a.example", { key: "fedcba9876543210" })).status).toBe(422);
    expect(await statusOf(waiting)).toBe("held");
  });

  test("can't answer what is spam or in the trash, and an empty one approves nothing", async () => {
    const waiting = await held();
    expect((await reply(waiting, "  ")).status).toBe(422);
    expect(await statusOf(waiting)).toBe("held");
    await move([waiting], "spam");
    expect((await reply(waiting)).status).toBe(422);
  });

  test("stands on a closed page too", async () => {
    const id = await post();
    await app.take<PageLine>("PATCH", `/sites/${app.site.id}/pages`, { url: PAGE, open: false });
    expect((await app.post()).status).toBe(403);
    expect((await reply(id)).status).toBe(200);
  });
});

describe("deleting for good", () => {
  test("leaves a stub where there are answers, nothing where there are none", async () => {
    const parent = await post();
    const child = await post({ parent, body: "An answer" });
    expect(await app.take("POST", "/comments/purge", { ids: [ref(parent)] })).toEqual({ purged: 1 });
    expect((await thread()).comments).toMatchObject([{ id: parent, removed: true, body: [] }, { id: child }]);
    expect((await app.ask("GET", path(parent))).status).toBe(404);
    expect((await move([parent], "approved")).changes).toEqual([]);
    await app.take("POST", "/comments/purge", { ids: [ref(child)] });
    expect((await thread()).comments).toEqual([]);
  });

  test("empties the trash or the spam of one site, and nothing else", async () => {
    const ids = [await post(), await post({ body: "two" }), await post({ body: "three" })];
    await move(ids.slice(0, 1), "spam");
    await move(ids.slice(1, 2), "trash");
    expect(await app.take("POST", "/comments/empty", { status: "trash", site: app.site.id + 1 })).toEqual({ purged: 0 });
    expect(await app.take("POST", "/comments/empty", { status: "trash", site: app.site.id })).toEqual({ purged: 1 });
    expect((await queue()).counts).toEqual({ held: 0, approved: 1, spam: 1, trash: 0 });
    expect(await app.take("POST", "/comments/empty", { status: "spam" })).toEqual({ purged: 1 });
  });
});
