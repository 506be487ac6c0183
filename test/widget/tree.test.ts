import fc from "fast-check";
import { expect, test } from "vitest";
import type { Comment, Sort } from "../../server/wire/comment.ts";
import { type Branch, growTree } from "../../widget/state/tree.ts";

const idOf = (n: number) => `00000000-0000-7000-8000-${n.toString(16).padStart(12, "0")}`;

/** A discussion in which comment n answers one of those before it, or none. */
function discussion(parents: readonly (number | null)[], minutes: readonly number[]): Comment[] {
  const comments: Comment[] = [];
  for (const [n, at] of parents.entries()) {
    const parent = at === null || n === 0 ? null : comments[at % n]!;
    const time = Date.UTC(2024, 0, 1) + (minutes[n] ?? 0) * 60_000;
    const createdAt = new Date(parent ? Math.max(time, Date.parse(parent.createdAt)) : time).toISOString();
    const id = idOf(n);
    comments.push({
      id,
      parent: parent?.id ?? null,
      root: parent?.root ?? id,
      depth: parent ? parent.depth + 1 : 0,
      version: 1,
      createdAt,
      name: `N${n}`,
      avatar: "",
      body: [],
    });
  }
  return comments;
}

/** The same by the plainest means: who stands under whom, found for each comment by itself. */
function plainTree(comments: readonly Comment[], maxDepth: number, sort: Sort): string {
  const byId = new Map(comments.map((comment) => [comment.id, comment]));
  const ordered = [...comments].sort((a, b) => a.createdAt.localeCompare(b.createdAt) || (a.id < b.id ? -1 : 1));
  const homeOf = ({ parent, depth }: Comment): string | null => {
    let above = parent === null ? null : byId.get(parent)!;
    for (let over = depth - (maxDepth - 1); above && over > 0; over--) above = byId.get(above.parent!)!;
    return above?.id ?? null;
  };
  const write = (id: string | null): string =>
    (id === null && sort === "newest" ? [...ordered].reverse() : ordered)
      .filter((comment) => homeOf(comment) === id)
      .map((comment) => `${comment.name}(${write(comment.id)})`)
      .join(" ");
  return write(null);
}

const write = (branches: readonly Branch[]): string =>
  branches.map(({ comment, replies }) => `${comment.name}(${write(replies)})`).join(" ");

const discussions = fc.array(fc.tuple(fc.option(fc.nat(40), { freq: 4 }), fc.nat(50)), { maxLength: 40 }).map((rows) =>
  discussion(
    rows.map(([parent]) => parent),
    rows.map(([, minute]) => minute),
  ),
);

test("a flat discussion in any order grows into the tree that the plain model gives", () => {
  fc.assert(
    fc.property(
      discussions,
      fc.integer({ min: 2, max: 10 }),
      fc.constantFrom<Sort>("oldest", "newest"),
      fc.infiniteStream(fc.nat()),
      (comments, maxDepth, sort, shuffle) => {
        const mixed = comments.map((comment) => ({ comment, at: shuffle.next().value as number })).sort((a, b) => a.at - b.at);
        const tree = growTree(new Map(mixed.map(({ comment }) => [comment.id, comment])), maxDepth, sort);
        expect(write(tree)).toBe(plainTree(comments, maxDepth, sort));
      },
    ),
  );
});

test("a reply at the last level says whom it answers; one in its own place does not", () => {
  const comments = discussion([null, 0, 1, 2], [0, 1, 2, 3]);
  const [root] = growTree(new Map(comments.map((comment) => [comment.id, comment])), 3, "oldest");
  const level2 = root!.replies[0]!.replies;
  expect(level2.map(({ comment, to, level }) => [comment.name, to, level])).toEqual([
    ["N2", "", 2],
    ["N3", "N2", 2],
  ]);
});

test("a reply whose parent is not at hand stands under its thread; one without its thread is not drawn", () => {
  const comments = discussion([null, 0, 1], [0, 1, 2]);
  const without = (gone: number) => new Map(comments.filter((_, n) => n !== gone).map((comment) => [comment.id, comment]));
  expect(write(growTree(without(1), 5, "oldest"))).toBe("N0(N2())");
  expect(growTree(without(0), 5, "oldest")).toEqual([]);
});
