import { box as english } from "#locale/en/box";
import { boxApi, type Taken } from "./box-api.ts";
import type { BoxParts } from "./discuss.tsx";
import { dress } from "./dress.ts";
import type { Requests } from "./requests.ts";
import { createPost, DETAILS, type Field, type PostNeeds } from "./state/post.ts";
import type { ThreadModel } from "./state/thread.ts";
import css from "./style/box.css?inline";
import { Details, Wrong } from "./view/details.tsx";
import { type Say, sayIn } from "./view/reading.ts";
import { Tabs } from "./view/tabs.tsx";
import { fieldText, refusalText } from "./view/words.ts";

export interface BoxNeeds extends Omit<PostNeeds, "api" | "settings"> {
  lang: string;
  language: string;
  root: ShadowRoot;
  thread: ThreadModel;
  requests: Requests;
  /** Called once the server has the comment: 201 or 202. */
  posted: (taken: Taken, said: string, edited: boolean) => void;
  /** Moves the focus, once all is drawn. */
  focus: (selector: string) => void;
}

/** The opened box: what it draws below the text, and what it does. None of its verbs but `edit` and `remove` rejects. */
export interface OpenedBox {
  parts: () => BoxParts & { cancelText?: string };
  submit: () => void;
  /** Fetches what a post will need. */
  prepare: () => void;
  edit: (id: string) => Promise<void>;
  /** Deletes; what to say of it. */
  remove: (id: string) => Promise<string>;
  /** The text changed: what was wrong with it may be no more. */
  typed: () => void;
}

const LOCALES: Partial<Record<string, () => Promise<{ box: { readonly [Key in keyof typeof english]: string | { other: string } } }>>> = {
  de: () => import("#locale/de/box"),
  ar: () => import("#locale/ar/box"),
};

/** Opens the box: its texts first, in the language of the thread. Rejects when they can't be loaded. */
export async function openBox(needs: BoxNeeds): Promise<OpenedBox> {
  const { lang, language, root, thread, requests, reply, changed, posted, focus, report } = needs;
  const say = sayIn(lang, (await LOCALES[language]?.())?.box ?? english) as Say<typeof english>;
  const api = boxApi(requests);
  const { settings } = thread.site;
  const post = createPost({ ...needs, api, settings });
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
    return wrongText("body") || DETAILS.some(wrongText) ? say("problems") : refusalText(say, post.problem);
  };
  return {
    submit: () => void submit().then(null, report),
    prepare: post.prepare,
    typed: () => post.clear("body"),
    edit: async (id) => {
      const { comment, source } = await api.own(id);
      reply.moveTo(comment, source);
    },
    remove: async (id) => {
      await api.remove(id);
      return say("gone");
    },
    parts: () => ({
      ...(reply.editing && { heading: say("editing"), cancelText: say("cancelEdit") }),
      hidesText: post.preview !== undefined,
      wrong: wrongText("body") && <Wrong id="you-body-error">{wrongText("body")}</Wrong>,
      rest: (
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
            on={{
              remember: (yes) => {
                post.remember = yes;
                changed();
              },
              change: (field, text) => {
                post.values[field] = text;
                post.clear(field);
                changed();
              },
            }}
          />
        </>
      ),
    }),
  };
}
