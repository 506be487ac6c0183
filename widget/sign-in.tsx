import type { ComponentChildren } from "preact";
import { signIn as english } from "#locale/en/sign-in";
import type { Way } from "#wire/sign-in";
import type { OpenedBox } from "./box.tsx";
import { buttonOf, FIRST, type Identity, identityOf, type Reader, TEXT } from "./connect.ts";
import { dress } from "./dress.ts";
import type { Requests } from "./requests.ts";
import type { ReplyModel } from "./state/reply.ts";
import type { ThreadModel } from "./state/thread.ts";
import type { OwnThings } from "./own-things.tsx";
import type { OwnModel } from "./state/own.ts";
import { recall } from "./storage.ts";
import css from "./style/sign-in.css?inline";
import { sayIn, type Say } from "./view/reading.ts";
import type { Glyphs } from "./view/glyphs.ts";
import { Ways } from "./view/ways.tsx";

export interface SignInNeeds {
  lang: string;
  language: string;
  root: ShadowRoot;
  thread: Pick<ThreadModel, "site">;
  page: { url: string };
  requests: Requests;
  reply: Pick<ReplyModel, "editing">;
  own: OwnModel;
  changed: () => void;
  report: (error: unknown) => void;
  focus: (selector: string) => void;
}

const LOCALES: Partial<Record<string, () => Promise<{ signIn: { readonly [Key in keyof typeof english]: string } }>>> = {
  de: () => import("#locale/de/sign-in"),
  ar: () => import("#locale/ar/sign-in"),
};

/** Of the page: every box on it is the same reader's. */
let identity: Identity | undefined;

/** Lets a reader sign in; what the box shows of it. Never rejects. */
export const open = (needs: SignInNeeds, box: OpenedBox): Promise<void> => openSignIn(needs, box).catch(needs.report);

async function openSignIn(needs: SignInNeeds, box: OpenedBox): Promise<void> {
  const { lang, language, root, page, requests, changed, focus, thread, report } = needs;
  const { post } = box;
  const { ways = [], login, notify } = thread.site.settings;
  let required = login === "required";
  const say = sayIn(lang, (await LOCALES[language]?.())?.signIn ?? english) as Say<typeof english>;
  dress(root, css);
  const it = (identity ??= identityOf(requests));
  const last = recall("way")["id"];
  const ordered = [...ways].sort((a, b) => Number(b.id === last) - Number(a.id === last));
  /** Who went back to the fields by “Change” is signed in still, but writes as a guest. */
  let guest = false;
  let known: Reader | null = null;
  /** Fetched for who is signed in. */
  const own: OwnThings = {};
  /** How often one tried to go on without being signed in where that is asked: each time the strip says so again. */
  let nudges = 0;
  let glyphs: Glyphs = {};

  const shown = () => (it.attempt?.away ? null : it.attempt);
  const take = () => {
    if (known !== it.reader) {
      guest = false;
      void import("./own-things.tsx").then((things) => things.open({ ...needs, ...box }, it, own), report);
    }
    known = it.reader;
    post.auth = known && !guest ? { Authorization: `Bearer ${known.token}` } : undefined;
    if (post.auth && !known!.email) post.notify &&= false;
  };
  // Escape gives a sign-in up, wherever in the comments one is meanwhile.
  if (!it.boxes.has(root)) root.addEventListener("keydown", (event) => (event as KeyboardEvent).key === "Escape" && it.cancel());
  it.boxes.set(root, (selector) => {
    take();
    // What has the focus may be about to go; wherever else it is, there it stays.
    if (root.activeElement?.closest(".ways,.details,.check")) focus(selector);
    else changed();
  });
  const enter = (isGuest: boolean, selector: string) => {
    guest = isGuest;
    nudges = 0;
    take();
    focus(selector);
  };
  const begin = (way: Way) => {
    if (known?.id === way.id) return enter(false, TEXT);
    void it.begin({ way, url: page.url, lang, shown: say("connecting", { way: way.label }) });
    // Here and where else a button was pressed it is moved in any case: not every browser gives it to a button by a click.
    focus(FIRST);
  };
  const submit = post.submit;
  post.submit = async () => {
    const { editing } = needs.reply;
    const shut = !post.auth && !editing && (required || shown());
    const taken = shut ? null : await submit();
    const code = post.problem?.code;
    // The session ended elsewhere: the text is kept, and the reader is a guest.
    if (post.auth && code === "unauthorized" && !editing) {
      it.become(null, FIRST);
      it.note = "ended";
    } else if (code === "login_required") required = true;
    else if (!shut) return taken;
    else nudges++;
    post.problem = null;
    // After the box has put it on its button.
    setTimeout(focus, 0, FIRST);
    return null;
  };

  post.who = ([, ...fields]) => {
    // Of the boxes to tick only the one for letters is for an account, and only for one that has an e-mail.
    const letters = (fields[1] as ComponentChildren[])[1];
    const attempt = shown();
    return [
      <Ways
        say={say}
        ways={ordered}
        last={last}
        reader={post.auth ? known : null}
        attempt={attempt}
        login={required}
        note={it.note}
        nudges={nudges}
        glyphs={glyphs}
        account={own.account?.(() => enter(true, buttonOf(known!.id)))}
        on={{ begin, cancel: () => focus(it.cancel()) }}
      />,
      !attempt && (post.auth ? (known!.email ? letters : notify && own.withoutEmail?.()) : !required && fields),
    ];
  };
  void import("./later.ts").then(({ later }) => (glyphs = later(needs, it))).then(changed, report);
  take();
  it.arrive(ways);
  // Back from a sign-in for which the page was left: once the box is drawn.
  if (it.attempt) setTimeout(focus, 0, FIRST);
}
