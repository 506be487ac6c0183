import { useEffect, useRef } from "preact/hooks";
import type { VNode } from "preact";
import type { QueueItem } from "#wire/panel-comments";
import { Body, REL } from "../../view/body.tsx";
import { openDraft } from "../state/editor.ts";
import { current, filter, keyOf, tick, ticked } from "../state/queue.ts";
import { hrefOf } from "../state/route.ts";
import { t } from "../state/words.ts";
import { RowActions } from "./actions.tsx";
import { Editor } from "./editor.tsx";
import { When } from "./when.tsx";

/** One comment: who, what, where, when, and why it waits. */
export function Row({ item }: { item: QueueItem }): VNode {
  const key = keyOf(item);
  const isCurrent = current.value === key;
  const draft = openDraft(item);
  const { comment, status, reason } = item;
  const row = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isCurrent) follow(row.current);
  }, [isCurrent, draft === null]);
  return (
    <li>
      <article
        ref={row}
        class={`row is-${status}${isCurrent ? " is-current" : ""}`}
        tabIndex={-1}
        aria-current={isCurrent ? "true" : undefined}
        aria-label={`${comment.name || t("noName")}, ${t(`status_${status}`)}`}
        onFocusIn={() => void (current.value = key)}
        onClick={() => void (current.value = key)}
      >
        <label class="tick">
          <input
            type="checkbox"
            checked={ticked.value.has(key)}
            aria-label={t("tick", { name: comment.name || t("noName") })}
            onChange={() => tick(key)}
          />
        </label>
        <img class="avatar" src={`/avatar/${comment.avatar}.svg`} alt="" width={32} height={32} />
        <Author item={item} />
        <p class="where">
          {item.to && <span>{t("inReplyTo", { name: item.to })}</span>}
          <PageLink item={item} />
        </p>
        {draft?.kind === "edit" ? (
          <Editor draft={draft} />
        ) : (
          <div class="body" dir="auto">
            <Body nodes={comment.body} />
          </div>
        )}
        {reason && status !== "approved" && draft?.kind !== "edit" && <p class="why">{t("why", { reason: t(`reason_${reason}`) })}</p>}
        {draft === null && <RowActions item={item} />}
        {draft?.kind === "reply" && <Editor draft={draft} />}
      </article>
    </li>
  );
}

function Author({ item: { comment, email, status } }: { item: QueueItem }): VNode {
  return (
    <p class="author">
      <strong>
        <bdi>{comment.name || t("noName")}</bdi>
      </strong>
      {comment.role && <span class="badge"> {comment.role}</span>}
      {filter.value.view === "all" && <span class={`status is-${status}`}>{t(`status_${status}`)}</span>}
      {email && (
        <a class="email" dir="ltr" href={`mailto:${encodeURIComponent(email)}`}>
          {email}
        </a>
      )}
      {comment.website && (
        <a class="website" dir="ltr" href={comment.website} rel={REL} target="_blank">
          {new URL(comment.website).host}
        </a>
      )}
      <span class="when">
        <When at={comment.createdAt} />
        {comment.editedAt && ` · ${t("edited")}`}
      </span>
    </p>
  );
}

function PageLink({ item: { site, page, comment } }: { item: QueueItem }): VNode {
  return (
    <>
      <a href={`${page.url}#comment-${comment.id}`} rel="noopener" target="_blank" dir="auto">
        {page.title || page.url.replace(/^https?:\/\//, "")}
      </a>
      {!page.open && <span>({t("pageClosed")})</span>}
      {filter.value.page === null && (
        <a class="only" href={hrefOf({ view: "all", site, page: page.id })}>
          {t("onlyPage")}
        </a>
      )}
    </>
  );
}

/** The current row has the focus, unless something is being typed, and is in sight. */
function follow(row: HTMLElement | null): void {
  if (!row || row.contains(document.activeElement) || document.querySelector("dialog[open]")) return;
  if (document.activeElement?.matches("input:not([type=checkbox]), textarea, select")) return;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}
