import { box as english } from "#locale/en/box";
import type { BoxParts } from "./discuss.tsx";
import { dress } from "./dress.ts";
import { createPost, type Field, FIELDS, type PostModel, type PostNeeds, type Taken } from "./state/post.ts";
import type { ThreadModel } from "./state/thread.ts";
import css from "./style/box.css?inline";
import { Details, Wrong } from "./view/details.tsx";
import { type Say, sayIn } from "./view/reading.ts";
import { Tabs } from "./view/tabs.tsx";
import { fieldText, refusalText } from "./view/words.ts";

export interface BoxNeeds extends Omit<PostNeeds, "settings"> {
  lang: string;
  language: string;
  root: ShadowRoot;
  thread: ThreadModel;
  /** Called once the server has the comment: 201 or 202. */
  posted: (taken: Taken, said: string, edited: boolean) => void;
  /** Moves the focus, once all is drawn. */
  focus: (selector: string) => void;
}

/** The opened box: what it draws below the text, and what it does. None of its verbs rejects. */
export interface OpenedBox {
  say: Say<typeof english>;
  post: PostModel;
  parts: () => BoxParts & { cancelText?: string };
  submit: () => void;
  /** Fetches what a post will need. */
  prepare: () => void;
  /** The text changed: what was wrong with it may be no more. */
  typed: () => void;
}

const LOCALES: Partial<Record<string, () => Promise<{ box: { readonly [Key in keyof typeof english]: string | { other: string } } }>>> = {
  de: () => import("#locale/de/box"),
  ar: () => import("#locale/ar/box"),
};

/** Opens the box: its texts first, in the language of the thread. Rejects when they can't be loaded. */
export async function openBox(needs: BoxNeeds): Promise<OpenedBox> {
  const { lang, language, root, thread, reply, changed, posted, focus, report } = needs;
  const say = sayIn(lang, (await LOCALES[language]?.())?.box ?? english) as Say<typeof english>;
  const { settings } = thread.site;
  const post = createPost({ ...needs, settings });
  dress(root, css);
  const submit = async () => {
    if (post.busy) return;
    const { editing } = reply;
    const taken = await post.submit();
    if (taken) posted(taken, say(editing ? "saved" : taken.comment.held ? "heldNow" : "posted"), editing);
    else focus("[aria-invalid=true],[type=submit]");
  };
  const wrongText = (field: Field) => {
    const code = post.wrong[field];
    return code ? fieldText(say, field, `${code}`) : "";
  };
  const problemText = () => {
    if (!post.problem) return "";
    return FIELDS.some(wrongText) ? say("problems") : refusalText(say, post.problem);
  };
  return {
    say,
    post,
    submit: () => void submit().then(null, report),
    prepare: post.prepare,
    typed: () => post.clear("body"),
    parts: () => ({
      ...(reply.editing && { heading: say("editing"), cancelText: say("cancelEdit") }),
      hidden: post.preview !== undefined,
      wrong: wrongText("body") && <Wrong id="you-body-error">{wrongText("body")}</Wrong>,
      children: (
        <>
          <Tabs
            say={say}
            preview={post.preview}
            show={(preview) => {
              if (preview) return void post.showPreview();
              post.preview = undefined;
              changed();
            }}
          />
          <Details
            {...post}
            say={say}
            settings={settings}
            wrong={wrongText}
            problem={problemText()}
            editing={reply.editing}
            button={say(reply.editing ? "save" : reply.target ? "postReply" : "post")}
            change={({ name, value, checked }) => {
              if (name === "remember" || name === "notify") post[name] = checked;
              else post.values[name as keyof typeof post.values] = value;
              post.clear(name);
              changed();
            }}
          />
        </>
      ),
    }),
  };
}
