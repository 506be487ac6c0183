import { Address, Item, type OwnItem, type OwnSheet, pathOf, Send, sheet } from "./own-sheet.tsx";
import { type Texts, textsOf } from "./texts.ts";
import { fieldText, refusalText } from "../../widget/view/words.ts";
import type { Refusal } from "../refusal.ts";

export interface OwnCommentPage extends OwnSheet {
  item: OwnItem;
  source: string;
  editable: boolean;
  /** Why it was not saved. */
  refusal: Refusal | null;
}

/** One comment, to be changed or taken back. */
export function renderOwnComment(view: OwnCommentPage): string {
  const { lang, item, source, editable, refusal } = view;
  const { yours: say, box } = textsOf(lang);
  const problem = refusal && wordsFor(box, refusal);
  const action = `${pathOf(view)}/comment?id=${item.id}`;
  return sheet(
    view,
    say("one"),
    <>
      <nav>
        <a href={pathOf(view)}>{say("back")}</a>
      </nav>
      <h1>{say("one")}</h1>
      <Item view={view} item={item} />
      {editable ? (
        <form method="post" action={action}>
          <label for="own-body" class="quiet">
            {say("one")}
          </label>
          <textarea
            id="own-body"
            name="body"
            rows={8}
            dir="auto"
            aria-invalid={problem ? true : undefined}
            aria-describedby={problem ? "own-problem" : undefined}
          >
            {source}
          </textarea>
          {problem && (
            <p class="wrong" id="own-problem" role="alert">
              {problem}
            </p>
          )}
          <Send act="save" text={say("save")} />
        </form>
      ) : (
        <p>{say("over")}</p>
      )}
      <form method="post" action={action}>
        <p class="hint">{say("removeNote")}</p>
        <Send act="remove" text={say("remove")} />
      </form>
    </>,
  );
}

/** Says one thing, and asks for one at most. */
export interface PlainPage extends OwnSheet {
  title: string;
  lines?: readonly string[];
  /** A button, what it is called and what goes with it. */
  button?: { action: string; text: string; fields: Readonly<Record<string, string>> };
  onward?: { href: string; text: string };
  /** Asks for an address to send a link to. */
  asksAddress?: boolean;
}

export function renderPlainPage(view: PlainPage): string {
  const { lang, title, lines = [], button, onward, asksAddress } = view;
  const { yours: say } = textsOf(lang);
  return sheet(
    view,
    title,
    <>
      <h1>{title}</h1>
      {lines.map((line) => (
        <p>{line}</p>
      ))}
      {button && (
        <form method="post" action={button.action}>
          {Object.entries(button.fields).map(([name, value]) => (
            <input type="hidden" name={name} value={value} />
          ))}
          <Send act="go" text={button.text} />
        </form>
      )}
      {onward && (
        <p>
          <a href={onward.href}>{onward.text}</a>
        </p>
      )}
      {asksAddress && (
        <form method="post" action={`${pathOf(view)}/letter`}>
          <p>{say("closedMail")}</p>
          <Address say={say} email="" />
          <Send act="go" text={say("closedGo")} />
        </form>
      )}
    </>,
  );
}

/** What a person is told in place of a refusal. */
export function renderRefusedPage(view: OwnSheet & { refusal: Refusal }): string {
  const { yours: say, box, page } = textsOf(view.lang);
  const { code, details } = view.refusal;
  const gone = code === "not_found" ? page("missing") : code === "token_invalid" && say("gone");
  const wrong = details.fields?.["email"] && say("said_email");
  const unsure = code === "invalid" && say("said_unsure");
  return renderPlainPage({ ...view, title: gone || wrong || unsure || wordsFor(box, view.refusal) });
}

function wordsFor(box: Texts["box"], { code, details }: Refusal): string {
  const wrong = details.fields?.["body"];
  return wrong ? fieldText(box, "body", wrong) : refusalText(box, { code, retryAfter: details.retryAfter ?? 0 });
}

/** Takes the code out of the address and hands it in, as a form of our own page. */
export const OPENING = `const f=document.forms[0],c=/^#([\\w-]{43})$/.exec(location.hash);history.replaceState(null,"",location.pathname);if(c){f.code.value=c[1];f.submit()}else location.replace(f.dataset.else)`;

/** Where the comments' box opens: the code stands in the fragment, which no log has. */
export function renderOpeningPage(view: OwnSheet): string {
  const { lang } = view;
  const { yours: say } = textsOf(lang);
  return sheet(
    view,
    say("opening"),
    <>
      <h1>{say("opening")}</h1>
      <form method="post" action={`${pathOf(view)}/open`} data-else={pathOf(view)}>
        <input type="hidden" name="code" />
        <input type="hidden" name="lang" value={lang} />
      </form>
      <script dangerouslySetInnerHTML={{ __html: OPENING }} />
    </>,
  );
}
