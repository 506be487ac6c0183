import type { Way } from "#wire/sign-in";
import type { Refused } from "./api.ts";
import type { Requests } from "./requests.ts";
import { fieldsOf, text } from "./shapes.ts";
import { keep, recall } from "./storage.ts";

/** Who is signed in on this page, as the server told it. */
export interface Reader {
  token: string;
  name: string;
  /** Id of the way that was taken, and its label at that time. */
  id: string;
  way: string;
  /** Whether letters can be asked for, and whether an address for them can be added. */
  email: boolean;
  addEmail: boolean;
}

/** A sign-in from the click to the token. */
export interface Attempt {
  way: Way;
  /** Where the reader signs in; null where the page itself is left for it. */
  child: Window | null;
  /** Absent until the server has given it. */
  request?: unknown;
  verifier: unknown;
  /** Proves that the page was left and is back. */
  code?: string;
  /** What the window asks for where no message of ours reaches it. */
  digits?: string;
  /** The window asks whether to go on. */
  asked?: boolean;
  /** It sent a message: nothing has cut it off. */
  linked?: boolean;
  /** The window seems to be closed: guests may write, and should it answer yet, all goes on. */
  away?: boolean;
}

/** Who one is and how one becomes it: one for all boxes of a page, since they share what the browser keeps. */
export interface Identity {
  reader: Reader | null;
  attempt: Attempt | null;
  /** What went wrong last; "" for nothing. */
  note: "" | "failed" | "ended";
  /** Every box of the page is told of what changes, and where the focus belongs if the change takes it away. */
  boxes: Map<ShadowRoot, (focus: string) => void>;
  /** Within the click that asks for it: a window opened later is blocked. `shown` stands in it until it is sent on. */
  begin: (asked: { way: Way; url: string; lang: string; shown: string }) => Promise<void>;
  /** Where the focus belongs then. */
  cancel: () => string;
  /** The page was left for a sign-in and may be back. */
  arrive: (ways: readonly Way[]) => void;
  become: (reader: Reader | null, focus: string) => void;
}

/** Looks at the window so often; at every third the server is asked as well. */
const LOOK_MS = 500;
const ASK_EACH = 3;
/** So many looks after it went, a window is taken for closed. One that a provider cut off from us looks the same. */
const CLOSED = 4;
/** `not_found` or `forbidden`: nothing will come of it. Anything else passes. */
const OVER = /^no|^fo/;
const RETURNED = /^#you-figure-signed-in=([\w-]+)$/;

/** Where the focus belongs: on the text, unless its preview hides it; on the only button; on a way's button. */
export const TEXT = "#you-body:not([hidden]),#you-preview";
export const FIRST = ".ways button";
export const buttonOf = (id: string) => `.ways [value="${id}"]`;

export function identityOf({ send }: Requests): Identity {
  const tell = (focus: string) => it.boxes.forEach((hear, root) => (root.host.isConnected ? hear(focus) : it.boxes.delete(root)));

  const end = (one: Attempt, note: Identity["note"]) => {
    if (it.attempt !== one) return;
    it.attempt = null;
    it.note = note;
    one.child?.close();
    tell(buttonOf(one.way.id));
  };
  const ask = async (one: Attempt): Promise<void> => {
    const { request, verifier, code, way } = one;
    const { step, token, reader } = await send("POST", "auth/finish", { request, verifier, code });
    if (it.attempt !== one) return;
    one.asked = step === "asked";
    if (step === "failed") end(one, "failed");
    if (step !== "done") return;
    it.attempt = null;
    one.child?.close();
    keep("way", { id: way.id });
    it.become(readerOf({ ...fieldsOf(reader), token, id: way.id }), TEXT);
  };
  const follow = (one: Attempt, origin = "") => {
    let looks = 0;
    let closed = 0;
    let asking = false;
    /** Told only of what shows: no more than guests see, once the window is closed. */
    const turn = () => {
      one.away = closed >= CLOSED && (one.linked || !one.asked);
      if (it.attempt === one) tell(one.away ? buttonOf(one.way.id) : FIRST);
    };
    // One question at a time: the token is given once, and an answer that overtakes it would say that it is gone.
    const look = async () => {
      if (asking || it.attempt !== one) return;
      asking = true;
      const { asked } = one;
      await ask(one).catch(({ code }: Refused) => {
        if (OVER.test(code)) end(one, "failed");
      });
      asking = false;
      if (asked !== one.asked) turn();
    };
    const hear = ({ source, origin: by, data }: MessageEvent) => {
      const { request, youFigure } = fieldsOf(data);
      if (source !== one.child || by !== origin || request !== one.request) return;
      one.linked = true;
      if (youFigure === "known") one.child?.postMessage({ request, digits: one.digits }, origin);
      else void look();
    };
    const timer = setInterval(() => {
      if (it.attempt !== one) {
        clearInterval(timer);
        removeEventListener("message", hear);
        return removeEventListener("focus", look);
      }
      // Whoever closes a window looks at the page again; one that was cut off looks closed, too, but lies before it.
      if (one.child?.closed && Document.prototype.hasFocus.call(document) && ++closed === CLOSED) turn();
      if (++looks % ASK_EACH === 0) void look();
    }, LOOK_MS);
    addEventListener("message", hear);
    // Back from a window that lay over the page, whose timers slept meanwhile.
    addEventListener("focus", look);
  };
  const it: Identity = {
    reader: readerOf(recall("reader")),
    attempt: null,
    note: "",
    boxes: new Map(),
    begin: async ({ way, url, lang, shown }) => {
      it.attempt?.child?.close();
      // Empty at first: of a page of the server's own, a page that isolates itself (COOP) would lose hold before it is sent on.
      const opened = window.open("", "_blank", "popup,width=500,height=650");
      const child = opened?.closed ? null : opened;
      if (child) {
        child.document.body.textContent = shown;
        child.document.documentElement.style.colorScheme = "light dark";
      }
      const verifier = newVerifier();
      const one: Attempt = (it.attempt = { way, child, verifier });
      it.note = "";
      tell(FIRST);
      try {
        const returnTo = child ? "" : location.href;
        const begun = await send("POST", "auth/start", { url, provider: way.id, verifier, returnTo, lang });
        if (it.attempt !== one) return;
        one.request = begun["request"];
        one.digits = text(begun["digits"]);
        const go = text(begun["go"]);
        if (child) {
          child.location.href = go;
          follow(one, new URL(go).origin);
        } else if (keep("leaving", { request: one.request, verifier, way: way.id })) location.href = go;
        // Nothing would be left of it, nor of what was written.
        else end(one, "failed");
      } catch {
        end(one, "failed");
      }
    },
    cancel: () => {
      const one = it.attempt;
      if (!one) return FIRST;
      end(one, "");
      return buttonOf(one.way.id);
    },
    arrive: (ways) => {
      const code = RETURNED.exec(location.hash)?.[1];
      const { request, verifier, way: id } = recall("leaving");
      const way = ways.find((one) => one.id === id);
      if (!code || !way) return;
      history.replaceState(history.state, "", location.href.replace(/#.*/s, ""));
      keep("leaving", null);
      follow((it.attempt = { way, child: null, request, verifier, code }));
    },
    become: (reader, focus) => {
      it.reader = reader;
      it.note = "";
      keep("reader", reader);
      tell(focus);
    },
  };
  // Signed in or out in another tab.
  addEventListener("storage", ({ key }) => {
    if (key !== "you-figure:reader") return;
    it.reader = readerOf(recall("reader"));
    tell(FIRST);
  });
  return it;
}

function readerOf({ token, name, id, way, email, addEmail }: Record<string, unknown>): Reader | null {
  if (!token) return null;
  return { token: text(token), name: text(name), id: text(id), way: text(way), email: !!email, addEmail: !!addEmail };
}

/** 256 bits; a page without https has getRandomValues, but neither randomUUID nor a hash. */
const newVerifier = () => [...crypto.getRandomValues(new Uint8Array(32))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
