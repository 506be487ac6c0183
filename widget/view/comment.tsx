import type { VNode } from "preact";
import type { Branch } from "../state/tree.ts";
import { Body, REL } from "./body.tsx";
import type { Reading } from "./reading.ts";
import { Time } from "./time.tsx";

interface At {
  branch: Branch;
  reading: Reading;
}

/** A comment with all that answers it. */
export function Comment({ branch, reading }: At): VNode {
  const { comment, replies, level } = branch;
  const { act, say, box, folded, gap, busy } = reading;
  const { id, name } = comment;
  const shut = folded?.has(id);
  const missing = level === 0 ? gap(comment) : 0;
  const article = () => <Article branch={branch} reading={reading} />;
  return (
    <li class="thread">
      {reading.drawn?.(branch, article) ?? article()}
      {box(id)}
      {(replies.length > 0 || missing > 0) && (
        <div class="replies">
          {act && replies.length > 0 && (
            <button type="button" class={shut ? "unfold" : "line"} aria-expanded={!shut} onClick={() => act("fold", id)}>
              {shut ? say("unfold", { n: replies.length, name }) : <span class="quiet">{say("fold", { name })}</span>}
            </button>
          )}
          {!shut && (
            <ol>
              {replies.map((reply) => (
                <Comment key={reply.comment.id} branch={reply} reading={reading} />
              ))}
            </ol>
          )}
          {!shut && missing > 0 && (
            <More reading={reading} root={id} text={busy === id ? say("loading") : say("moreReplies", { n: missing })} />
          )}
        </div>
      )}
    </li>
  );
}

/** “Show more”: a button, or a link without JavaScript. */
export function More({ reading: { act, moreHref, busy }, root, text }: { reading: Reading; root?: string; text: string }): VNode {
  return act ? (
    <button
      type="button"
      class="more"
      part="button"
      aria-disabled={busy === (root ?? "")}
      onClick={() => act(root === undefined ? "showMore" : "showReplies", root)}
    >
      {text}
    </button>
  ) : (
    <a class="more" href={moreHref?.(root) ?? ""}>
      {text}
    </a>
  );
}

function Article({ branch, reading }: At): VNode {
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
      {removed ? <p class="stub">{say("removed")}</p> : <Head branch={branch} reading={reading} />}
      {!removed && (
        <div class="body" part="body" dir="auto">
          <Body nodes={comment.body} />
        </div>
      )}
      {!removed && held && <p class="note">{say("heldNote")}</p>}
      {!removed && <Acts branch={branch} reading={reading} />}
    </article>
  );
}

function Head({ branch: { comment, level, to }, reading }: At): VNode {
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
      <span class="who">
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
        <Time at={createdAt} reading={reading} />
      </a>
      {editedAt && <span class="quietly">{say("edited")}</span>}
      {held && (
        <span class="held" part="held">
          {say("held")}
        </span>
      )}
    </header>
  );
}

function Acts({ branch: { comment }, reading: { act, say, page, mine, doomed, replyHref } }: At): VNode | null {
  const { id, held, name } = comment;
  const replies = page.open && !held;
  const own = act && mine?.has(id);
  if (!own && !(replies && (act || replyHref))) return null;
  return (
    <p class="acts" part="actions">
      {replies && act && (
        <button type="button" data-act="reply" aria-label={say("replyTo", { name })} onClick={() => act("reply", id)}>
          {say("reply")}
        </button>
      )}
      {replies && !act && replyHref && (
        <a href={replyHref(id)} aria-label={say("replyTo", { name })}>
          {say("reply")}
        </a>
      )}
      {own && (
        <button type="button" data-act="edit" onClick={() => act("edit", id)}>
          {say("edit")}
        </button>
      )}
      {own && (
        <button type="button" data-act="remove" onClick={() => act("remove", id)}>
          {say(doomed === id ? "removeSure" : "remove")}
        </button>
      )}
    </p>
  );
}
