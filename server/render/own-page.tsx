import type { VNode } from "preact";
import { EraseForm } from "./own-erase.tsx";
import { Address, momentOf, Form, Item, type OwnItem, type OwnSheet, pathOf, sheet } from "./own-sheet.tsx";
import { textsOf } from "./texts.ts";

export type Said = "saved" | "waits" | "removed" | "claimed" | "sent" | "confirmed" | "unsure" | "email";

export interface OwnPage extends OwnSheet {
  reader: {
    name: string;
    way: string;
    /** As it is known, and as a letter proved it. */
    email: string;
    proven: string;
  };
  said: Said | undefined;
  items: readonly OwnItem[];
  next: string | null;
  /** Whether it begins with the newest. */
  first: boolean;
  earlier: readonly OwnItem[];
  /** Null where nothing was asked for. */
  letters: {
    follows: readonly { title: string; url: string; often: "answers" | "instantly" | "daily" | "weekly" }[];
    token: string;
  } | null;
  /** Whether the server sends mail. */
  mail: boolean;
  sessions: readonly { createdAt: number; expiresAt: number; here: boolean }[];
  passkeys: readonly { id: string; createdAt: number }[];
}

/** Everything that is the reader's own at one site. Forms and links alone: it needs no JavaScript. */
export function renderOwnPage(view: OwnPage): string {
  const { lang, site, reader, said, first } = view;
  const { yours: say } = textsOf(lang);
  const title = say("title", { site: site.name });
  return sheet(
    view,
    title,
    <>
      <h1>{title}</h1>
      <p>{say(reader.name ? "who" : "whoNameless", { name: reader.name, way: reader.way })}</p>
      {said && <p role="status">{say(`said_${said}`)}</p>}
      {first && <Earlier view={view} />}
      <List view={view} />
      {first && (
        <>
          <Letters view={view} />
          <Passkeys view={view} />
          <Sessions view={view} />
          <section>
            <h2>{say("download")}</h2>
            <p>
              <a href={`${pathOf(view)}/download`} download>
                {say("downloadGo")}
              </a>
            </p>
          </section>
          <EraseForm view={{ ...view, proven: view.mail ? reader.proven : "", token: "" }} />
        </>
      )}
    </>,
  );
}

function Earlier({ view }: { view: OwnPage }): VNode | null {
  const { lang, earlier, reader } = view;
  const { yours: say } = textsOf(lang);
  if (earlier.length === 0) return null;
  return (
    <section class="offer">
      <Form view={view} act="claim" text={say("claim")}>
        <p>{say("earlier", { n: earlier.length, email: reader.proven })}</p>
        <ol>
          {earlier.map((item) => (
            <li>
              <Item view={view} item={item} />
            </li>
          ))}
        </ol>
      </Form>
    </section>
  );
}

function List({ view }: { view: OwnPage }): VNode {
  const { lang, items, next, first } = view;
  const { yours: say } = textsOf(lang);
  return (
    <section>
      <h2>{say("list")}</h2>
      {items.length === 0 && <p>{say("none")}</p>}
      <ol class="own">
        {items.map((item) => (
          <li>
            <Item view={view} item={item} />
            <a class="line-link" href={`${pathOf(view)}/comment?id=${item.id}`} aria-describedby={`own-${item.id}`}>
              {say("change")}
            </a>
          </li>
        ))}
      </ol>
      <p class="turn">
        {!first && <a href={pathOf(view)}>{say("newest")}</a>}
        {next && <a href={`${pathOf(view)}?after=${next}`}>{say("older")}</a>}
      </p>
    </section>
  );
}

function Letters({ view }: { view: OwnPage }): VNode | null {
  const { lang, letters, reader, mail } = view;
  const { yours: say, mail: told } = textsOf(lang);
  if (!mail) return null;
  return (
    <section>
      <h2>{say("letters")}</h2>
      {reader.proven ? (
        <>
          <p>{say("addressConfirmed", { email: reader.proven })}</p>
          {letters ? (
            <>
              <ul>
                {letters.follows.map(({ title, url, often }) => (
                  <li>
                    <a href={url}>
                      <bdi>{title || url}</bdi>
                    </a>
                    : {told(`often_${often}`)}
                  </li>
                ))}
              </ul>
              <p>
                <a href={`/letters?token=${letters.token}`}>{say("lettersChange")}</a>
              </p>
            </>
          ) : (
            <p>{say("lettersNone")}</p>
          )}
        </>
      ) : (
        <Form view={view} act="email" text={say("addressGo")}>
          <Address say={say} email={reader.email} />
          <p class="hint">{say("addressWhy")}</p>
        </Form>
      )}
    </section>
  );
}

/** Whoever has the device gets in by it, for ever: so it can be taken away here. */
function Passkeys({ view }: { view: OwnPage }): VNode | null {
  const { lang, passkeys } = view;
  const { yours: say } = textsOf(lang);
  if (passkeys.length === 0) return null;
  return (
    <section>
      <h2>{say("passkeys")}</h2>
      {passkeys.map(({ id, createdAt }) => (
        <Form view={view} act="passkey" text={say("passkeyGo")}>
          <input type="hidden" name="id" value={id} />
          <p>{say("passkey", { from: momentOf(lang, createdAt) })}</p>
        </Form>
      ))}
    </section>
  );
}

function Sessions({ view }: { view: OwnPage }): VNode {
  const { lang, sessions } = view;
  const { yours: say } = textsOf(lang);
  return (
    <section>
      <h2>{say("sessions")}</h2>
      <ul>
        {sessions.map(({ createdAt, expiresAt, here }) => (
          <li>
            {say("session", { from: momentOf(lang, createdAt), until: momentOf(lang, expiresAt) })}
            {here && ` (${say("here")})`}
          </li>
        ))}
      </ul>
      <Form view={view} act="leave" text={say("leave")} />
      <Form view={view} act="everywhere" text={say("everywhere")} />
    </section>
  );
}
