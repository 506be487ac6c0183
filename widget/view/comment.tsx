import type { VNode } from "preact";
import type { Branch } from "../state/tree.ts";
import { Body, REL } from "./body.tsx";
import type { Reading } from "./reading.ts";
import { timeOf } from "./time.tsx";

/** A comment with all that answers it. */
export function commentOf(branch: Branch, reading: Reading): VNode {
  const { comment, replies, level } = branch;
  const { act, say, box, folded, gap, busy } = reading;
  const { id, name } = comment;
  const shut = folded?.has(id);
  const missing = level === 0 ? gap(comment) : 0;
  const article = () => <Article branch={branch} reading={reading} />;
  return (
    <li class="thread" key={id}>
      {reading.drawn?.(branch, article) ?? article()}
      {box(id)}
      {(replies.length > 0 || missing > 0) && (
        <div class="replies">
          {act && replies.length > 0 && (
            <button type="button" class={shut ? "unfold" : "line"} aria-expanded={!shut} onClick={() => act("fold", id)}>
              {shut ? say("unfold", { n: replies.length, name }) : <span class="quiet">{say("fold", { name })}</span>}
            </button>
          )}
          {!shut && <ol>{replies.map((reply) => commentOf(reply, reading))}</ol>}
          {!shut && missing > 0 && moreOf(reading, say(busy === id ? "loading" : "moreReplies", { n: missing }), id)}
        </div>
      )}
    </li>
  );
}

/** “Show more”: a button, or a link without JavaScript. */
export function moreOf({ act, moreLink, busy }: Reading, text: string, root?: string): VNode | undefined {
  if (!act) return moreLink?.(text, root);
  return (
    <button
      type="button"
      class="more"
      part="button"
      aria-disabled={busy === (root ?? "")}
      onClick={() => act(root ? "showReplies" : "showMore", root)}
    >
      {text}
    </button>
  );
}

/** A component, unlike what is around and in it: drawn again from what it was drawn from before, it is left alone. */
function Article({ branch, reading }: { branch: Branch; reading: Reading }): VNode {
  const { comment } = branch;
  const { id, removed, role, held } = comment;
  const { marked, say, lang } = reading;
  return (
    <article
      id={`comment-${id}`}
      tabIndex={-1}
      class={`comment${marked === id ? " marked" : ""}${role ? " ours" : ""}`}
      part={`comment${role ? " comment-owner" : ""}${held ? " comment-held" : ""}`}
      lang={removed ? lang : undefined}
    >
      {removed ? (
        <p class="stub">{say("removed")}</p>
      ) : (
        <>
          {headOf(branch, reading)}
          <div class="body" part="body" dir="auto">
            <Body nodes={comment.body} />
          </div>
          {held && <p class="note">{say("heldNote")}</p>}
          {actsOf(comment, reading)}
        </>
      )}
    </article>
  );
}

function headOf({ comment, level, to }: Branch, reading: Reading): VNode {
  const { id, name, website, role, avatar, held, editedAt, createdAt } = comment;
  const { say, base, href, site } = reading;
  const size = level === 0 ? 32 : 24;
  const shown = <bdi>{name}</bdi>;
  return (
    <header part="meta">
      <img
        class="face"
        part="avatar"
        src={`${base}/avatar/${encodeURIComponent(avatar)}.svg`}
        alt=""
        width={size}
        height={size}
        loading="lazy"
      />
      <div class="who">
        <span>
          <strong part="name">
            {website && /^https?:\/\//i.test(website) ? (
              <a href={website} rel={REL}>
                {shown}
              </a>
            ) : (
              shown
            )}
          </strong>
          {role && (
            <span class="badge" part="badge">
              , {say("badge", { role, site })}
            </span>
          )}
          {to && <span class="quietly"> {say("inReplyTo", { name: to })}</span>}
        </span>
        <a class="when" part="time" href={href(id)}>
          {timeOf(createdAt, reading)}
        </a>
        {editedAt && <span class="quietly">{say("edited")}</span>}
        {held && (
          <span class="held" part="held">
            {say("held")}
          </span>
        )}
      </div>
    </header>
  );
}

function actsOf(comment: Branch["comment"], { act, say, page, mine, doomed, replyLink }: Reading): VNode | null {
  const { id, held, name } = comment;
  const own = act && mine?.has(id);
  const reply =
    page.open &&
    !held &&
    (act ? (
      <button type="button" aria-label={say("replyTo", { name })} onClick={() => act("reply", id)}>
        {say("reply")}
      </button>
    ) : (
      replyLink?.(comment)
    ));
  if (!own && !reply) return null;
  return (
    <p class="acts" part="actions">
      {reply}
      {own && (
        <>
          <button type="button" onClick={() => act("edit", id)}>
            {say("edit")}
          </button>
          <button type="button" onClick={() => act("remove", id)}>
            {say(doomed === id ? "removeSure" : "remove")}
          </button>
        </>
      )}
    </p>
  );
}
