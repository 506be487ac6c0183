import type { Way } from "#wire/sign-in";
import type { Requests } from "./requests.ts";
import { type Fields, fieldsOf, text } from "./shapes.ts";
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
  const done = (one: Attempt, { token, reader }: Fields) => {
    it.attempt = null;
    one.child?.close();
    keep("way", { id: one.way.id });
    it.become(readerOf({ ...fieldsOf(reader), token, id: one.way.id }), TEXT);
  };
  /** Fetched with the click. */
  const watcher = async (one: Attempt) => {
    const { watchWindow } = await import("./watch-window.ts");
    return (origin = "") => watchWindow(one, { origin, send, done, end, tell, isOn: () => it.attempt === one });
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
        const start = { url, provider: way.id, verifier, returnTo, lang };
        const [begun, watch] = await Promise.all([send("POST", "auth/start", start), watcher(one)]);
        if (it.attempt !== one) return;
        one.request = begun["request"];
        one.digits = text(begun["digits"]);
        const go = text(begun["go"]);
        if (child) {
          child.location.href = go;
          watch(new URL(go).origin);
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
      const one: Attempt = (it.attempt = { way, child: null, request, verifier, code });
      void watcher(one).then(
        (watch) => watch(),
        () => end(one, "failed"),
      );
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
