import { useEffect, useState } from "preact/hooks";
import type { VNode } from "preact";
import type { History, QueueItem } from "#wire/panel-comments";
import { ask, type PanelRefusal, refusalOf } from "../api.ts";
import { historyOf } from "../state/keys.ts";
import { whyOf } from "../state/notice.ts";
import { noteSignedOut } from "../state/session.ts";
import { t, tName } from "../state/words.ts";
import { Dialog } from "./dialog.tsx";
import { When } from "./when.tsx";

/** A drawer with all that is known of a comment: who did what, and its earlier texts. */
export function HistoryDrawer(): VNode | null {
  const item = historyOf.value;
  if (!item) return null;
  return (
    <Dialog
      key={item.comment.id}
      kind="drawer"
      title={t("historyOf", { name: item.comment.name || t("noName") })}
      onClose={() => void (historyOf.value = null)}
    >
      <Facts item={item} />
      <Past item={item} />
      <p class="buttons">
        <button type="button" onClick={() => void (historyOf.value = null)}>
          {t("close")}
        </button>
      </p>
    </Dialog>
  );
}

function Facts({ item: { comment, email, status, reason } }: { item: QueueItem }): VNode {
  return (
    <p class="facts">
      {t(`status_${status}`)}
      {reason && ` · ${t(`reason_${reason}`)}`}
      {[email, comment.website].filter(Boolean).map((text) => (
        <span key={text}>
          {" · "}
          <bdi>{text}</bdi>
        </span>
      ))}
      {" · "}
      <When at={comment.createdAt} />
    </p>
  );
}

function Past({ item }: { item: QueueItem }): VNode {
  const [past, setPast] = useState<History | PanelRefusal | null>(null);
  useEffect(() => {
    ask<History>("GET", `/sites/${item.site}/comments/${item.comment.id}/history`).then(setPast, (error: unknown) => {
      const refusal = refusalOf(error);
      noteSignedOut(refusal);
      setPast(refusal);
    });
  }, [item]);
  if (past === null) return <p role="status">{t("loading")}</p>;
  if (past instanceof Error) return <p role="alert">{t("failed", { why: whyOf(past) })}</p>;
  if (past.log.length + past.revisions.length === 0) return <p>{t("historyEmpty")}</p>;
  return (
    <>
      <ol class="log">
        {past.log.map((entry, i) => (
          <li key={i}>
            {lineOf(entry)} <When at={entry.at} />
          </li>
        ))}
      </ol>
      {past.revisions.map((revision, i) => (
        <details key={i} open={i === 0}>
          <summary>
            {t("earlier")} · <When at={revision.at} />
          </summary>
          <pre tabIndex={0} dir="auto">
            {revision.source}
          </pre>
        </details>
      ))}
    </>
  );
}

function lineOf({ by, action, from, to, note }: History["log"][number]): string {
  const who = tName(`by_${by}`) ?? by;
  const more = note === null ? "" : ` (${tName(`note_${note}`) ?? note})`;
  if (action === "edit") return t("log_edit", { by: who }) + more;
  if (from && to) return t("log_status", { by: who, from: t(`status_${from}`), to: t(`status_${to}`) }) + more;
  return t("log_other", { by: who, action: note ?? action });
}
