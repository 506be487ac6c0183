import { describe, expect, test } from "vitest";
import type { Comment, Thread } from "../../server/wire/comment.ts";
import type { LiveEvent } from "../../server/wire/live.ts";
import { toComment, toPage } from "../../widget/shapes.ts";
import { createNews } from "../../widget/state/news.ts";
import { createThread } from "../../widget/state/thread.ts";

const id = (n: number) => `01890000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const comment = (n: number, parent: number | null = null, rest: Partial<Comment> = {}): Comment => ({
  id: id(n),
  parent: parent === null ? null : id(parent),
  root: parent === null ? id(n) : id(Math.floor(parent / 10) * 10),
  depth: parent === null ? 0 : 1,
  version: n,
  createdAt: new Date(n * 1_000).toISOString(),
  name: `Reader ${n}`,
  avatar: "",
  body: [],
  ...rest,
});
const page = (version: number, count: number) => ({ url: "https://blog.example/post", count, open: true, version });
const answer = (comments: Comment[], next: string | null = null): Thread => ({
  site: { id: 1, name: "Blog", settings: { details: "required", maxDepth: 5, editWindow: 900, live: true } },
  page: page(1, comments.length),
  sort: "oldest",
  comments,
  next,
});
const event = (told: Partial<LiveEvent>): LiveEvent => ({ page: page(99, 5), since: 0, comments: [], gone: [], replies: {}, ...told });

function reader(first: Thread, lands: (comment: Comment) => boolean, target: Comment | null = null) {
  const reads: unknown[] = [];
  const thread = createThread(first, async (query) => {
    reads.push(query);
    return answer([comment(10), comment(20), comment(30)]);
  });
  const news = createNews({ thread, reply: { target }, lands, toComment, toPage });
  return { thread, news, reads, ids: () => [...thread.comments.keys()].map((one) => Number(one.slice(-4))) };
}

describe("what others do meanwhile", () => {
  test("shows at once where it lands, else waits to be asked for", async () => {
    const { news, ids, thread } = reader(answer([comment(10)]), ({ parent }) => parent !== null);
    news.hear(event({ comments: [comment(11, 10), comment(20), comment(30)], replies: { [id(10)]: 1 } }));
    expect([ids(), news.count()]).toEqual([[10, 11], 2]);
    expect(thread.comments.get(id(10))?.replies).toBe(1);
    // An answer to what waits waits with it.
    news.hear(event({ comments: [comment(21, 20)] }));
    expect([ids(), news.count()]).toEqual([[10, 11], 3]);
    await news.show();
    expect([ids().toSorted(), news.count()]).toEqual([[10, 11, 20, 21, 30], 0]);
  });

  test("changes what is at hand, in place, and by version: an older copy undoes nothing", () => {
    const { news, thread } = reader(answer([comment(10, null, { version: 5 })]), () => false);
    news.hear(event({ comments: [comment(10, null, { version: 4, name: "Old" })] }));
    expect(thread.comments.get(id(10))?.name).toBe("Reader 10");
    news.hear(event({ comments: [comment(10, null, { version: 6, name: "New" })] }));
    expect(thread.comments.get(id(10))?.name).toBe("New");
    expect(news.count()).toBe(0);
  });

  test("takes away what is gone, shown or waiting, but for a stub of what is being answered", () => {
    const target = comment(20);
    const { news, ids, thread } = reader(answer([comment(10), target]), () => false, target);
    news.hear(event({ comments: [comment(30), comment(40)] }));
    news.hear(event({ gone: [id(10), id(20), id(30)], page: page(100, 1) }));
    expect([ids(), news.count()]).toEqual([[20], 1]);
    expect(thread.comments.get(id(20))?.removed).toBe(true);
    expect(thread.page.count).toBe(1);
  });

  test("does not count a comment that came another way meanwhile, as the reader's own does", () => {
    const { news, thread } = reader(answer([comment(10)]), () => false);
    news.hear(event({ comments: [comment(20)] }));
    thread.put(comment(20));
    expect(news.count()).toBe(0);
  });

  test("leaves to “show more” what stands behind it, and to newest first what is new", () => {
    const far = reader(answer([comment(10, null, { replies: 3 }), comment(11, 10)], id(10)), () => true);
    far.news.hear(event({ comments: [comment(20), comment(14, 10), comment(21, 20)], replies: { [id(10)]: 4 } }));
    expect([far.ids(), far.news.count()]).toEqual([[10, 11], 0]);
    expect(far.thread.gap(far.thread.comments.get(id(10))!)).toBe(3);
    far.thread.sort = "newest";
    far.news.hear(event({ comments: [comment(30)] }));
    expect(far.ids()).toEqual([10, 11, 30]);
  });

  test("is read anew, when asked for, where it was too much to be told", async () => {
    const { news, ids, reads } = reader(answer([comment(10)]), () => true);
    news.hear(event({ reload: true, page: page(500, 124) }));
    expect([news.count(), reads]).toEqual([123, []]);
    await news.show();
    expect([news.count(), reads, ids()]).toEqual([0, [{ sort: "oldest" }], [10, 20, 30]]);
  });

  test("breaks nothing when what comes is no comment", () => {
    const { news, ids } = reader(answer([comment(10)]), () => true);
    news.hear(event({ comments: [null, 7, { id: "x" }] as unknown as Comment[] }));
    expect(ids()).toEqual([10]);
  });
});
