import fc from "fast-check";
import { expect, test } from "vitest";
import type { Comment, Thread } from "../../server/wire/comment.ts";
import { createThread, type ReadMore } from "../../widget/state/thread.ts";

const idOf = (n: number) => `00000000-0000-7000-8000-${n.toString(16).padStart(12, "0")}`;
const comment = (n: number, rest: Partial<Comment> = {}): Comment => ({
  id: idOf(n),
  parent: null,
  root: rest.parent ?? idOf(n),
  depth: 0,
  version: 1,
  createdAt: new Date(Date.UTC(2024, 0, 1) + n * 1000).toISOString(),
  name: `N${n}`,
  avatar: "",
  body: [],
  ...rest,
});
const answer = (comments: Comment[], next: string | null = null): Thread => ({
  site: { id: 1, name: "Blog", settings: { details: "required", maxDepth: 5, live: true, editWindow: 900 } },
  page: { url: "https://blog.example/post", count: comments.length, open: true, version: 1 },
  sort: "oldest",
  comments,
  next,
});
const never: ReadMore = () => Promise.reject(new Error("not asked for"));

test("of the copies of a comment the one with the highest version stays, in whatever order they arrive", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(4), fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 30 }), (arrivals) => {
      const thread = createThread(answer([]), never);
      for (const [n, version] of arrivals) thread.put(comment(n, { version }));
      for (const [id, { version }] of thread.comments) {
        expect(version).toBe(Math.max(...arrivals.filter(([n]) => idOf(n) === id).map(([, version]) => version)));
      }
    }),
  );
});

test("“Show N more replies” goes on where the first answer ended, and ends at the last reply", async () => {
  const replies = Array.from({ length: 5 }, (_, n) => comment(n + 1, { parent: idOf(0), depth: 1 }));
  const asked: unknown[] = [];
  const thread = createThread(answer([comment(0, { replies: 5 }), ...replies.slice(0, 2)]), async (query) => {
    asked.push(query);
    const from = replies.findIndex(({ id }) => id === query.after) + 1;
    const some = replies.slice(from, from + 2);
    return answer(some, from + 2 < replies.length ? some.at(-1)!.id : null);
  });
  const gap = () => thread.gap(thread.comments.get(idOf(0))!);
  expect(gap()).toBe(3);
  await thread.showReplies(idOf(0));
  expect(gap()).toBe(1);
  await thread.showReplies(idOf(0));
  expect(gap()).toBe(0);
  expect(asked).toEqual([
    { parent: idOf(0), after: idOf(2) },
    { parent: idOf(0), after: idOf(4) },
  ]);
});

test("replies that a permalink brought leave no hole behind them: the next ones come from where reading had stopped", async () => {
  const far = comment(9, { parent: idOf(0), depth: 1 });
  const asked: unknown[] = [];
  const thread = createThread(answer([comment(0, { replies: 9 }), comment(1, { parent: idOf(0), depth: 1 })]), async (query) => {
    asked.push(query);
    return answer(query.around ? [comment(0, { replies: 9 }), far] : []);
  });
  await thread.reach(far.id);
  expect(thread.gap(thread.comments.get(idOf(0))!)).toBe(7);
  await thread.showReplies(idOf(0));
  expect(asked[1]).toEqual({ parent: idOf(0), after: idOf(1) });
});

test("an own comment that waits is no reply that is missing, and stays when the order changes", async () => {
  const held = comment(3, { parent: idOf(0), depth: 1, held: true });
  const thread = createThread(answer([comment(0, { replies: 1 })]), async ({ sort }) => ({
    ...answer([comment(0, { replies: 1 })]),
    sort: sort!,
  }));
  thread.put(held);
  expect(thread.gap(thread.comments.get(idOf(0))!)).toBe(1);
  await thread.resort("newest");
  expect(thread.comments.has(held.id)).toBe(true);
  expect(thread.sort).toBe("newest");
});

test("a page's state is never put back by an older answer", async () => {
  const thread = createThread({ ...answer([]), next: idOf(1), page: { url: "u", count: 7, open: true, version: 5 } }, async () =>
    answer([]),
  );
  await thread.showMore();
  expect(thread.page.count).toBe(7);
  expect(thread.more).toBe(false);
});
