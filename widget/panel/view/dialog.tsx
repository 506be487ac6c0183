import type { ComponentChildren, VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { question } from "../state/confirm.ts";
import { t } from "../state/words.ts";

/**
 * A modal dialog while it is drawn: focus goes in and back again, Escape closes. It does so at once, not by the browser's
 * own event, which comes a little later and would close what the next key has opened by then.
 */
export function Dialog({
  title,
  kind,
  onClose,
  children,
}: {
  title: string;
  kind?: string;
  onClose: () => void;
  children: ComponentChildren;
}): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const cancel = (event: Event) => {
    event.preventDefault();
    onClose();
  };
  return (
    <dialog ref={dialog} class={kind} aria-labelledby="dialog-title" onCancel={cancel} onClose={onClose}>
      <h2 id="dialog-title">{title}</h2>
      {children}
    </dialog>
  );
}

/** Asks before what can't be taken back. The safe answer has the focus. */
export function Confirm(): VNode | null {
  const asked = question.value;
  if (!asked) return null;
  const close = () => void (question.value = null);
  return (
    <Dialog title={asked.text} kind="confirm" onClose={close}>
      <p class="buttons">
        <button type="button" onClick={close}>
          {t("cancel")}
        </button>
        <button
          type="button"
          class="danger"
          onClick={() => {
            close();
            asked.act();
          }}
        >
          {asked.yes}
        </button>
      </p>
    </Dialog>
  );
}
