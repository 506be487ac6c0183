import fc from "fast-check";
import { renderToString } from "preact-render-to-string";
import { expect, test } from "vitest";
import { thread as english } from "../../server/locale/en/thread.ts";
import { TAGS } from "../../server/wire/body.ts";
import { toThread } from "../../widget/shapes.ts";
import { growTree } from "../../widget/state/tree.ts";
import { Body } from "../../widget/view/body.tsx";
import { type Reading, sayIn } from "../../widget/view/reading.ts";
import { Thread } from "../../widget/view/thread.tsx";

const id = "00000000-0000-7000-8000-000000000001";
/** What a lying server could put where a text belongs, among it what looks like a node of preact. */
const lie = fc.oneof(
  fc.anything(),
  fc.constant({ type: "script", props: { children: "alert(1)" }, constructor: undefined, __v: 1 }),
  fc.constant({ type: "img", props: { src: "x", onerror: "alert(1)" }, key: null, ref: null }),
  fc.constant("<img src=x onerror=alert(1)>"),
  fc.constant("javascript:alert(1)"),
);
const liar = fc.record(
  {
    id: fc.oneof(fc.constant(id), lie),
    parent: fc.oneof(fc.constant(null), lie),
    root: fc.oneof(fc.constant(id), lie),
    createdAt: fc.oneof(fc.constant("2024-01-01T00:00:00.000Z"), lie),
    ...Object.fromEntries(
      ["depth", "version", "replies", "name", "website", "avatar", "role", "to", "editedAt", "removed", "held", "body"].map((key) => [
        key,
        lie,
      ]),
    ),
  },
  { requiredKeys: ["id", "parent", "root", "createdAt"] },
);

function draw(value: unknown): string {
  const thread = toThread(value);
  const reading: Reading = {
    say: sayIn("en", english) as Reading["say"],
    lang: "en",
    now: Date.UTC(2024, 0, 2),
    base: "https://comments.example",
    headingLevel: 2,
    site: thread.site.name,
    page: thread.page,
    title: thread.page.title ?? "",
    sort: thread.sort,
    tree: growTree(new Map(thread.comments.map((comment) => [comment.id, comment])), thread.site.settings.maxDepth, thread.sort),
    gap: () => 0,
    more: thread.next !== null,
    href: (id) => `#comment-${id}`,
    box: () => null,
  };
  return renderToString(<Thread reading={reading} />);
}

/** Looks at the tags alone: any text may stand between them. */
const harmless = (html: string) => {
  for (const [tag] of html.matchAll(/<[a-z][^>]*>/gi)) {
    expect(tag).not.toMatch(/^<(?:script|iframe|object)|\son\w+=|=["']?javascript:/i);
    if (tag.startsWith("<img")) expect(tag).toMatch(/src="https:\/\//);
  }
};

test("whatever types a lying server sends, the thread is drawn and nothing of it becomes markup", () => {
  fc.assert(
    fc.property(fc.array(liar, { maxLength: 4 }), lie, lie, lie, (comments, site, page, next) => {
      harmless(draw({ comments, site, page, next }));
    }),
    { numRuns: 300 },
  );
});

test("an answer without a list of comments is no thread", () => {
  for (const value of [null, 1, "x", [], {}, { comments: {} }]) expect(() => toThread(value)).toThrow("unreachable");
});

test("a body of any shape draws allowed elements alone, with allowed links alone", () => {
  const { node } = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 5 },
      fc.string(),
      lie,
      fc.tuple(fc.integer({ min: -1, max: 30 }), fc.oneof(fc.string(), lie), tie("node"), tie("node")),
    ),
  }));
  const allowed = new Set([...TAGS, "div"]);
  fc.assert(
    fc.property(fc.array(node, { maxLength: 4 }), (nodes) => {
      const html = renderToString(<Body nodes={nodes} />);
      for (const [, tag] of html.matchAll(/<([a-z][\w-]*)/g)) expect(allowed.has(tag as never)).toBe(true);
      for (const [, href] of html.matchAll(/(?:href|src)="([^"]*)"/g)) expect(href).toMatch(/^(?:https?:|mailto:)/i);
    }),
  );
});

test("a body nested without end is cut, not followed", () => {
  let node: unknown = "deep";
  for (let i = 0; i < 20_000; i++) node = [8, node];
  expect(renderToString(<Body nodes={[node]} />)).not.toContain("deep");
});
