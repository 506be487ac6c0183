import type { ComponentChildren } from "preact";
import { signIn as english } from "#locale/en/sign-in";
import type { Way } from "#wire/sign-in";
import type { Requests } from "./requests.ts";
import { fieldsOf, text } from "./shapes.ts";
import type { PostModel } from "./state/post.ts";
import type { ThreadModel } from "./state/thread.ts";
import { keep, recall } from "./storage.ts";
import { dress } from "./dress.ts";
import css from "./style/sign-in.css?inline";
import { sayIn, type Say } from "./view/reading.ts";
import { Ways } from "./view/ways.tsx";

export interface SignInNeeds {
  lang: string;
  language: string;
  base: string;
  root: ShadowRoot;
  thread: Pick<ThreadModel, "site">;
  page: { url: string };
  requests: Requests;
  post: PostModel;
  changed: () => void;
  report: (error: unknown) => void;
  focus: (selector: string) => void;
}

const LOCALES: Partial<Record<string, () => Promise<{ signIn: { readonly [Key in keyof typeof english]: string } }>>> = {
  de: () => import("#locale/de/sign-in"),
  ar: () => import("#locale/ar/sign-in"),
};

const POLL_MS = 1_500;
/** A window that a provider cut off from us looks closed as well: only after this long it is taken for closed. */
const GRACE_MS = 3_000;
/** The server forgets it then. */
const GIVE_UP_MS = 10 * 60_000;
const RETURNED = /^#you-figure-signed-in=([\w-]+)$/;

interface Reader {
  token: string;
  name: string;
  way: string;
  /** Whether letters can be asked for. */
  email: boolean;
}
interface Attempt {
  way: Way;
  child: Window | null;
  request: string;
  verifier: string;
  digits: string;
  /** Out of sight: the window seems closed. */
  away?: boolean;
}

/** Lets a reader sign in; what the box shows of it. */
/** Never rejects. */
export const open = (needs: SignInNeeds): Promise<void> => openSignIn(needs).catch(needs.report);

async function openSignIn(needs: SignInNeeds): Promise<void> {
  const ways = needs.thread.site.settings.ways!;
  const { lang, language, base, root, page, requests, post, changed, focus } = needs;
  const say = sayIn(lang, (await LOCALES[language]?.())?.signIn ?? english) as Say<typeof english>;
  dress(root, css);
  let reader = readerOf(recall("reader"));
  let attempt: Attempt | undefined;
  let failed = false;

  const become = (next: Reader | null) => {
    reader = next;
    keep("reader", next);
    post.auth = next ? { Authorization: `Bearer ${next.token}` } : undefined;
  };
  const guest = (why = false) => {
    attempt?.child?.close();
    attempt = undefined;
    failed = why;
    focus(".ways button");
  };
  /** Whether the sign-in is over. */
  const ask = async (one: Attempt, code = ""): Promise<boolean> => {
    const { request, verifier } = one;
    const answer = await requests.send("POST", "auth/finish", { request, verifier, code });
    if (attempt !== one) return true;
    if (answer["step"] === "asked") one.away = false;
    if (answer["step"] === "failed") guest(true);
    if (answer["step"] !== "done") return attempt !== one;
    become(readerOf({ ...fieldsOf(answer["reader"]), token: answer["token"] }));
    keep("way", { id: one.way.id });
    attempt = undefined;
    one.child?.close();
    focus("#you-body");
    return true;
  };
  const follow = (one: Attempt, from: string) => {
    const since = Date.now();
    let closed = 0;
    const hear = ({ source, origin, data }: MessageEvent) => {
      if (source !== one.child || origin !== from || fieldsOf(data)["request"] !== one.request) return;
      if (fieldsOf(data)["youFigure"] === "known") one.child?.postMessage({ request: one.request, digits: one.digits }, from);
      else next = next.then(look);
    };
    // One question after the other: the token is given once, and an answer that overtakes it would say that it is gone.
    let over = false;
    let next = Promise.resolve();
    const look = async () => {
      if (over) return;
      if (one.child?.closed && (closed ||= Date.now()) && Date.now() - closed > GRACE_MS) one.away ??= true;
      over = await ask(one).catch(() => Date.now() - since > GIVE_UP_MS);
      if (over) {
        clearInterval(timer);
        removeEventListener("message", hear);
      }
      changed();
    };
    const timer = setInterval(() => (next = next.then(look)), POLL_MS);
    addEventListener("message", hear);
  };
  const begin = async (way: Way) => {
    failed = false;
    // At once, within the click: a window opened later is blocked.
    const child = window.open(`${base}/auth/wait`, "_blank", "popup,width=500,height=650");
    const one: Attempt = (attempt = { way, child, request: "", digits: "", verifier: newVerifier() });
    focus(".ways button");
    const { verifier } = one;
    try {
      const returnTo = child ? "" : location.href;
      const begun = await requests.send("POST", "auth/start", { url: page.url, provider: way.id, verifier, returnTo });
      if (attempt !== one) return;
      const go = text(begun["go"]);
      one.request = text(begun["request"]);
      one.digits = text(begun["digits"]);
      if (child) {
        child.location.href = go;
        follow(one, new URL(go).origin);
      } else {
        keep("leaving", { request: one.request, verifier, way: way.id });
        location.href = go;
      }
    } catch {
      if (attempt === one) guest(true);
    }
    changed();
  };
  /** The page was left for the sign-in and is back. */
  const arrive = async () => {
    const code = RETURNED.exec(location.hash)?.[1];
    const left = recall("leaving");
    const way = ways.find(({ id }) => id === left["way"]);
    if (!code || !way) return;
    history.replaceState(history.state, "", location.href.replace(/#.*/s, ""));
    keep("leaving", null);
    attempt = { way, child: null, request: text(left["request"]), verifier: text(left["verifier"]), digits: "" };
    await ask(attempt, code).catch(() => guest(true));
    changed();
  };
  const logOut = () => {
    void requests.send("POST", "auth/sign-out", { url: page.url }, post.auth).catch(() => undefined);
    become(null);
    guest();
  };
  const change = () => {
    post.auth = undefined;
    guest();
  };
  const again = (way: Way) => {
    if (reader?.way !== way.label) return void begin(way);
    become(reader);
    focus("#you-body");
  };

  become(reader);
  void arrive();
  const last = recall("way")["id"];
  const ordered = [...ways].sort((a, b) => Number(b.id === last) - Number(a.id === last));
  post.who = ([, ...fields]) => {
    // Of the boxes to tick only the one for letters is for an account, and only for one that has an e-mail.
    const letters = reader?.email && (fields[1] as ComponentChildren[])[1];
    // The session ended elsewhere: the text is kept, and the reader is a guest.
    if (post.auth && post.problem?.code === "unauthorized") become(null);
    const shown = attempt && !attempt.away ? attempt : null;
    return [
      <Ways
        say={say}
        ways={ordered}
        name={post.auth ? (reader?.name ?? "") : null}
        way={shown?.way.label ?? reader?.way ?? ""}
        connecting={shown && { digits: shown.digits }}
        failed={failed}
        on={{ begin: again, cancel: () => guest(), logOut, change }}
      />,
      !shown && (post.auth ? letters : fields),
    ];
  };
  changed();
}

function readerOf({ token, name, way, email }: Record<string, unknown>): Reader | null {
  return token ? { token: text(token), name: text(name), way: text(way), email: email === true } : null;
}

/** 256 bits; a page without https has getRandomValues, but neither randomUUID nor a hash. */
const newVerifier = () => [...crypto.getRandomValues(new Uint8Array(32))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
