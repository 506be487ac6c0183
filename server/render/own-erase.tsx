import type { VNode } from "preact";
import { Form, type OwnSheet, pathOf, Send, sheet } from "./own-sheet.tsx";
import { textsOf } from "./texts.ts";

export interface ErasePage extends OwnSheet {
  reader: { name: string };
  /** Where a letter asks once more; "" for nowhere. */
  proven: string;
  /** Of that letter; "" without. */
  token: string;
}

/** Behind the link of the letter that asks once more. */
export function renderErasePage(view: ErasePage): string {
  const { yours: say } = textsOf(view.lang);
  const title = say("eraseAsk", { name: view.reader.name, site: view.site.name });
  return sheet(view, title, <EraseForm view={{ ...view, proven: "" }} title={title} />);
}

export function EraseForm({ view, title }: { view: ErasePage; title?: string }): VNode {
  const { lang, proven, token } = view;
  const { yours: say } = textsOf(lang);
  const action = token === "" ? pathOf(view) : `${pathOf(view)}/erase`;
  const choice = (value: string, text: string, checked: boolean) => (
    <label class="check">
      <input type="radio" name="comments" value={value} checked={checked} /> {text}
    </label>
  );
  return (
    <section>
      {title === undefined ? <h2>{say("erase")}</h2> : <h1>{title}</h1>}
      <p>{say("eraseWhy")}</p>
      {proven ? (
        <Form view={view} act="erase" text={say("eraseLetter")}>
          <p>{say("eraseMail", { email: proven })}</p>
        </Form>
      ) : (
        <form method="post" action={action}>
          {token && <input type="hidden" name="token" value={token} />}
          {choice("remove", say("eraseRemove"), true)}
          {choice("anonymise", say("eraseKeep"), false)}
          <label class="check">
            <input type="checkbox" name="sure" required /> {say("eraseSure")}
          </label>
          <Send act="erase" text={say("eraseGo")} />
        </form>
      )}
    </section>
  );
}
