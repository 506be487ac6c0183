import { useLayoutEffect, useRef } from "preact/hooks";
import type { VNode } from "preact";
import { type Draft, resolve, send, type Texts, throwAway, update } from "../state/editor.ts";
import { t } from "../state/words.ts";
import { Field } from "./field.tsx";

/** The box in its row: to answer, or to edit what someone wrote. Ctrl+Enter sends, Escape leaves and keeps what was written. */
export function Editor({ draft }: { draft: Draft }): VNode {
  const form = useRef<HTMLFormElement>(null);
  const { kind, item, texts, wrong } = draft;
  const name = item.comment.name || t("noName");
  useLayoutEffect(() => {
    const invalid = form.current?.querySelector<HTMLElement>("[aria-invalid]");
    (invalid ?? form.current?.querySelector("textarea"))?.focus();
  }, [wrong]);
  // After the row's own scrolling: a box of which half is below the edge hides its buttons.
  useLayoutEffect(() => form.current?.scrollIntoView({ block: "nearest" }), []);
  const write = (field: keyof Texts) => (event: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) =>
    update(draft, { texts: { ...draft.texts, [field]: event.currentTarget.value } });
  const submit = (event: Event) => {
    event.preventDefault();
    void send(draft);
  };
  return (
    <form
      ref={form}
      class="editor"
      noValidate
      aria-label={t(kind === "reply" ? "replyTitle" : "editTitle", { name })}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
      }}
    >
      <Field label={kind === "reply" ? t("replyTitle", { name }) : t("comment")} wrong={wrong["body"]}>
        {(described) => <textarea {...described} dir="auto" rows={4} value={texts.body} onInput={write("body")} />}
      </Field>
      {kind === "edit" && (
        <div class="fields">
          <Field label={t("name")} wrong={wrong["name"]}>
            {(described) => <input {...described} dir="auto" value={texts.name} autocomplete="off" onInput={write("name")} />}
          </Field>
          <Field label={t("email")} note={t("emailNote")} wrong={wrong["email"]}>
            {(described) => <input {...described} type="email" value={texts.email} autocomplete="off" onInput={write("email")} />}
          </Field>
          <Field label={t("website")} wrong={wrong["website"]}>
            {(described) => <input {...described} type="url" value={texts.website} autocomplete="off" onInput={write("website")} />}
          </Field>
        </div>
      )}
      {kind === "reply" && item.status === "held" && <p class="note">{t("replyApproves")}</p>}
      <Problem draft={draft} />
      <p class="buttons">
        <button type="submit" class="main" disabled={draft.busy}>
          {kind === "edit" ? t("save") : t(item.status === "held" ? "approveAndReply" : "postReply")}
        </button>
        <button type="button" onClick={() => throwAway(draft)}>
          {t("cancel")}
        </button>
      </p>
    </form>
  );
}

function Problem({ draft }: { draft: Draft }): VNode | null {
  if (draft.overtaken) {
    return (
      <div role="alert" class="problem">
        <p>{t("changedMeanwhile")}</p>
        <button type="button" onClick={() => void resolve(draft, "theirs")}>
          {t("loadTheirs")}
        </button>{" "}
        <button type="button" onClick={() => void resolve(draft, "mine")}>
          {t("saveMine")}
        </button>
      </div>
    );
  }
  if (draft.problem === "") return null;
  return (
    <p role="alert" class="problem">
      {t("failed", { why: draft.problem })}
    </p>
  );
}
