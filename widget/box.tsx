import { type ReadonlySignal, signal } from "@preact/signals-core";
import { box as english } from "#locale/en/box";
import type { Posted } from "#wire/comment";
import { dress } from "./dress.ts";
import type { BoxParts } from "./discuss.tsx";
import { boxApi, type BoxApiNeeds } from "./box-api.ts";
import { createPost, DETAILS, type Field, type PostNeeds } from "./state/post.ts";
import type { OwnModel } from "./state/own.ts";
import type { ReplyModel } from "./state/reply.ts";
import type { ThreadModel } from "./state/thread.ts";
import css from "./style/box.css?inline";
import { Details, Wrong } from "./view/details.tsx";
import { type Say, sayIn } from "./view/reading.ts";
import { Tabs } from "./view/tabs.tsx";
import { fieldText, refusalText } from "./view/words.ts";

export interface BoxNeeds extends Pick<PostNeeds, "page" | "report"> {
  base: string;
  lang: string;
  language: string;
  root: ShadowRoot;
  ask: BoxApiNeeds["ask"];
  thread: ThreadModel;
  reply: ReplyModel;
  own: OwnModel;
  /** Called once the server has the comment: 201 or 202. */
  posted: (posted: Posted, said: string, edited: boolean) => void;
}

/** The opened box: what it draws below the text, and what it does. */
export interface OpenedBox {
  parts: (editing: boolean) => BoxParts & { cancelText?: string };
  submit: () => void;
  /** Fetches what a post will need. */
  prepare: () => void;
  edit: (id: string) => Promise<void>;
  /** Deletes; what to say of it. */
  remove: (id: string) => Promise<string>;
  /** The text changed: what was wrong with it may be no more. */
  typed: () => void;
  /** Rises with each refusal: the focus should go to what is wrong. */
  refusals: ReadonlySignal<number>;
}

const LOCALES: Partial<Record<string, () => Promise<{ box: { readonly [Key in keyof typeof english]: string | { other: string } } }>>> = {
  de: () => import("#locale/de/box"),
  ar: () => import("#locale/ar/box"),
};

/** Opens the box: its texts first, in the language of the thread. Rejects when they can't be loaded. */
export async function openBox(needs: BoxNeeds): Promise<OpenedBox> {
  const { base, ask, lang, language, root, thread, reply, own, page, report, posted } = needs;
  const say = sayIn(lang, (await LOCALES[language]?.())?.box ?? english) as Say<typeof english>;
  const api = boxApi({ base, ask, site: thread.site.id, holdOf: (id) => own.holds.value.get(id) });
  const { settings } = thread.site;
  const post = createPost({ api, reply, settings, page, report, clock: () => performance.now() });
  dress(root, css);
  const refusals = signal(0);
  const submit = async () => {
    if (post.busy.value) return;
    const edited = reply.editing.value;
    const done = await post.submit();
    if (done) posted(done, say(edited ? "saved" : done.comment.held ? "heldNow" : "posted"), edited);
    else refusals.value++;
  };
  const clear = (field: Field) => {
    if (post.wrong.value[field]) {
      const { [field]: _, ...others } = post.wrong.value;
      post.wrong.value = others;
      if (Object.keys(others).length === 0) post.problem.value = null;
    }
  };
  const wrongText = (field: Field) => {
    const code = post.wrong.value[field];
    return code && fieldText(say, field, code);
  };
  const problemText = () => {
    const refused = post.problem.value;
    return !refused ? "" : DETAILS.some(wrongText) || wrongText("body") ? say("problems") : refusalText(say, refused);
  };
  const rest = (editing: boolean) => (
    <>
      <Tabs say={say} preview={post.preview.value} write={post.write} show={() => void post.showPreview()} />
      <Details
        say={say}
        settings={settings}
        values={{ email: post.details.email.value, name: post.details.name.value, website: post.details.website.value }}
        wrong={Object.fromEntries(DETAILS.map((field) => [field, wrongText(field)]))}
        problem={problemText()}
        busy={post.busy.value}
        editing={editing}
        remember={post.remember.value}
        trap={post.trap.value}
        button={say(editing ? "save" : reply.target.value ? "postReply" : "post")}
        on={{
          remember: (yes) => (post.remember.value = yes),
          change: (field, text) => {
            if (field === "trap") post.trap.value = text;
            else {
              post.details[field].value = text;
              clear(field);
            }
          },
        }}
      />
    </>
  );
  return {
    submit: () => void submit().then(null, report),
    refusals,
    prepare: post.prepare,
    typed: () => clear("body"),
    edit: async (id) => {
      const { comment, source } = await api.own(id);
      reply.editAt(comment, source);
    },
    remove: async (id) => {
      await api.remove(id);
      own.forget(id);
      return say("gone");
    },
    parts: (editing) => ({
      ...(editing && { heading: say("editing"), cancelText: say("cancelEdit") }),
      hidesText: post.preview.value !== undefined,
      wrong: wrongText("body") && <Wrong id="you-body-error">{wrongText("body")}</Wrong>,
      rest: rest(editing),
    }),
  };
}
