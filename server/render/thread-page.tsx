import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { Details } from "../../widget/view/details.tsx";
import { Wrong } from "../../widget/view/details.tsx";
import { ReplyBox } from "../../widget/view/reply-box.tsx";
import { Thread as ThreadView } from "../../widget/view/thread.tsx";
import { fieldText, refusalText } from "../../widget/view/words.ts";
import type { Reading } from "../../widget/view/reading.ts";
import { directionOf, type Language } from "../locale/format.ts";
import type { Refusal } from "../refusal.ts";
import type { Comment, Thread } from "../wire/comment.ts";
import { readingOf } from "./reading.tsx";
import { type Texts, textsOf } from "./texts.ts";

/** A form that was sent and refused: all that was typed, and why. */
export interface Filled {
  form: Readonly<Record<string, string>>;
  refusal: Refusal;
}

export interface ThreadPage {
  thread: Thread;
  /** The address as it was asked for, and what else the page was asked. */
  query: {
    url: string;
    title?: string | undefined;
    lang?: string | undefined;
    reply?: string | undefined;
    around?: string | undefined;
    mine?: string | undefined;
  };
  lang: Language;
  now: number;
  /** The writer's own comment while it waits. */
  own: Comment | null;
  /** Form token. */
  token: string;
  /** File of the style sheet below /assets/. */
  style: string | undefined;
  filled: Filled | undefined;
}

/** The whole discussion as a page that needs no JavaScript: the widget's own views, links for buttons, a plain form. */
export function renderThreadPage(view: ThreadPage): string {
  return `<!doctype html>${renderToString(<Page {...view} />)}`;
}

function Page(view: ThreadPage): VNode {
  const { thread, query, lang, style } = view;
  const texts = textsOf(lang);
  const title = thread.page.title ?? query.title;
  const reading = toReading(view, texts);
  return (
    <html lang={lang} dir={directionOf(lang)}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title ? texts.page("title", { title }) : texts.page("untitled")}</title>
        <link rel="canonical" href={thread.page.url} />
        <link rel="icon" href="/avatar/796f75666967.svg" />
        {view.own && <meta name="robots" content="noindex" />}
        {style && <link rel="stylesheet" href={`/assets/${style}`} />}
      </head>
      <body class="page">
        <nav>
          <a href={thread.page.url}>
            {directionOf(lang) === "rtl" ? "→" : "←"} <bdi>{title ?? texts.page("back")}</bdi>
          </a>
          {query.around && <a href={address(view, {})}>{texts.page("all")}</a>}
        </nav>
        <main class="you">
          <ThreadView reading={reading} />
        </main>
      </body>
    </html>
  );
}

function toReading(view: ThreadPage, texts: Texts): Reading {
  const { thread, query, lang, now, own, filled } = view;
  const replying = query.reply ?? filled?.form["parent"] ?? "";
  const at = thread.comments.some(({ id }) => id === replying) ? replying : null;
  const reading: Reading = readingOf({
    thread,
    lang,
    texts,
    now,
    own,
    title: query.title,
    marked: query.around ?? query.mine,
    box: (where) => (where === at ? <Box view={view} texts={texts} reading={reading} parent={at} /> : null),
    links: {
      moreLink: (text, root) => (
        <a
          class="more"
          href={address(view, root === undefined ? { after: thread.next } : { parent: root, after: lastReply(thread, root) })}
        >
          {text}
        </a>
      ),
      replyLink: ({ id, name }) => (
        <a href={`${address(view, { around: id, reply: id })}#you-ask`} aria-label={texts.thread("replyTo", { name })}>
          {texts.thread("reply")}
        </a>
      ),
    },
  });
  return reading;
}

/** The last reply of a thread that is on this page: further ones come after it. */
const lastReply = ({ comments }: Thread, root: string) =>
  comments
    .filter((comment) => comment.root === root && comment.id !== root)
    .map(({ id }) => id)
    .sort()
    .at(-1) ?? null;

function address({ query, thread }: ThreadPage, more: Record<string, string | null>): string {
  const parameters = new URLSearchParams({ url: query.url });
  if (query.lang) parameters.set("lang", query.lang);
  if (query.title && !thread.page.title) parameters.set("title", query.title);
  for (const [name, value] of Object.entries(more)) if (value !== null) parameters.set(name, value);
  return `/thread?${parameters}`;
}

function Box({ view, texts, reading, parent }: { view: ThreadPage; texts: Texts; reading: Reading; parent: string | null }): VNode {
  const { thread, query, filled, token } = view;
  const { form = {}, refusal } = filled ?? {};
  const isClosedToGuests = thread.site.settings.login === "required";
  const whom = thread.comments.find(({ id }) => id === parent)?.name;
  const wrong = (field: "body" | "email" | "name" | "website") => {
    const code = refusal?.details.fields?.[field];
    return code === undefined ? "" : fieldText(texts.box, field, code);
  };
  const heading = parent === null ? texts.thread("ask") : texts.thread("replyTo", { name: whom ?? "" });
  // Only what somebody wrote before the owner asked for it has a form to stand in.
  if (isClosedToGuests && !filled) return <LogInElsewhere heading={heading} texts={texts} url={thread.page.url} />;
  return (
    <ReplyBox
      reading={reading}
      heading={heading}
      text={form["body"] ?? ""}
      opened
      action="/thread#you-ask"
      beside={parent !== null && <a href={address(view, { around: parent })}>{texts.page("cancelReply")}</a>}
      wrong={wrong("body") && <Wrong id="you-body-error">{wrong("body")}</Wrong>}
    >
      <Details
        say={texts.box}
        settings={thread.site.settings}
        values={{ email: form["email"] ?? "", name: form["name"] ?? "", website: form["website"] ?? "" }}
        wrong={wrong}
        {...(isClosedToGuests && { who: () => [] })}
        notify={thread.site.settings.notify && form["notify"] === "on"}
        problem={refusal ? problemText(texts, refusal) : ""}
        button={texts.box(parent === null ? "post" : "postReply")}
      />
      <input type="hidden" name="url" value={query.url} />
      <input type="hidden" name="title" value={query.title ?? ""} />
      <input type="hidden" name="lang" value={query.lang ?? ""} />
      <input type="hidden" name="parent" value={parent ?? ""} />
      <input type="hidden" name="token" value={token} />
    </ReplyBox>
  );
}

function LogInElsewhere({ heading, texts, url }: { heading: string; texts: Texts; url: string }): VNode {
  return (
    <section class="box" part="box" aria-labelledby="you-ask">
      <h2 id="you-ask">{heading}</h2>
      <p class="note">
        {texts.page("loginRequired")} <a href={`${url}#you-figure`}>{texts.page("back")}</a>
      </p>
    </section>
  );
}

function problemText(texts: Texts, { code, details }: Refusal): string {
  if (code === "login_required") return texts.page("loginRequired");
  if (code === "token_invalid") return texts.page("expired");
  return code === "invalid" ? texts.box("problems") : refusalText(texts.box, { code, retryAfter: details.retryAfter ?? 0 });
}
