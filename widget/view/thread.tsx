import { h, type VNode } from "preact";
import type { Sort } from "#wire/comment";
import { commentOf, moreOf } from "./comment.tsx";
import type { Reading } from "./reading.ts";

/** The whole discussion of a page: heading, order, comments, box. */
export function Thread({ reading }: { reading: Reading }): VNode {
  const { say, page, title, tree, more, busy, box, headingLevel, said } = reading;
  const n = page.count;
  return (
    <>
      <header class="top">
        {h(
          `h${headingLevel}`,
          { part: "heading", tabIndex: -1 },
          n === 0 ? say("none") : say(title ? "responses" : "responsesUntitled", { n, title }),
        )}
        {tree.length > 1 && orderOf(reading)}
      </header>
      {tree.length > 0 && <ol class="list">{tree.map((branch) => commentOf(branch, reading))}</ol>}
      {more && moreOf(reading, say(busy === "" ? "loading" : "more"))}
      {page.open ? box(null) : <p class="note">{say("closed")}</p>}
      {reading.news}
      <p class={reading.alarm ? "alarm" : "quiet"} role="status">
        {said}
      </p>
    </>
  );
}

function orderOf({ say, sort, act }: Reading): VNode | undefined {
  if (!act) return;
  return (
    <p class="order" part="sort" role="group" aria-label={say("sort")}>
      {(["oldest", "newest"] satisfies Sort[]).map((one) => (
        <button key={one} type="button" aria-pressed={sort === one} onClick={() => act(one)}>
          {say(one)}
        </button>
      ))}
    </p>
  );
}
