import type { ComponentChildren, VNode } from "preact";
import { mine as english } from "#locale/en/mine";
import type { AddEmailNeeds } from "./add-email.tsx";
import { Refused } from "./api.ts";
import { FIRST, type Identity } from "./connect.ts";
import { fieldsOf, number, text } from "./shapes.ts";
import type { Hold, OwnModel } from "./state/own.ts";
import { keep } from "./storage.ts";

export interface OwnThingsNeeds extends AddEmailNeeds {
  own: OwnModel;
  report: (error: unknown) => void;
}

/** What an account has in the box beside its name; nothing for nobody. */
export interface OwnThings {
  /** ( Log Out / Change ), and the way to all that is the reader's. */
  account?: ((change: () => void) => VNode) | undefined;
  /** In place of the box for letters, where the account gives no e-mail. */
  withoutEmail?: () => ComponentChildren;
}

const LOCALES: Partial<Record<string, () => Promise<{ mine: { readonly [Key in keyof typeof english]: string } }>>> = {
  de: () => import("#locale/de/mine"),
  ar: () => import("#locale/ar/mine"),
};

/** For who has signed in, or out: what they wrote here, in whatever browser, is theirs to edit; and the way to all of it. Never rejects. */
export const open = (needs: OwnThingsNeeds, it: Identity, things: OwnThings): Promise<void> =>
  openOwnThings(needs, it, things).then(needs.changed, needs.report);

async function openOwnThings(needs: OwnThingsNeeds, it: Identity, things: OwnThings): Promise<void> {
  const { page, requests, own, lang, language, focus, changed, report } = needs;
  const token = it.reader?.token ?? "";
  // An edit token has two parts, and stays.
  own.holds = new Map([...own.holds].filter(([, hold]) => hold.token.includes(".")));
  things.account = undefined;
  let addEmail: ((can: boolean) => ComponentChildren) | undefined;
  things.withoutEmail = () => {
    if (addEmail) return addEmail(it.reader?.addEmail ?? false);
    addEmail = () => null;
    void import("./add-email.tsx").then(async (it) => (addEmail = await it.openAddEmail(needs))).then(changed, report);
    return null;
  };
  if (token === "") return;
  const ask = (path: string) => requests.send("POST", `auth/${path}`, { url: page.url, lang }, { Authorization: `Bearer ${token}` });
  const show = async () => {
    // Within the click: a window opened later is blocked.
    const opened = window.open("");
    try {
      const { go } = await ask("yours");
      (opened ?? window).location.href = text(go);
    } catch (error) {
      opened?.close();
      if (!(error instanceof Refused) || error.code !== "unauthorized") return;
      it.become(null, FIRST);
      it.note = "ended";
      focus(FIRST);
    }
  };
  void ask("mine")
    .then(({ comments, reader }) => {
      if (it.reader?.token !== token) return;
      own.holds = new Map([...holdsOf(comments, token), ...own.holds]);
      // A letter may have confirmed an address meanwhile.
      const { email, addEmail } = fieldsOf(reader);
      it.reader.email = email === true;
      it.reader.addEmail = addEmail === true;
      keep("reader", it.reader);
      changed();
    })
    // The page that lists them all is there still.
    .catch(() => undefined);
  const say = (await LOCALES[language]?.())?.mine ?? english;
  const logOut = () => {
    void ask("sign-out").catch(() => undefined);
    it.become(null, FIRST);
    focus(FIRST);
  };
  const button = (text: string, go: () => void) => (
    <button type="button" onClick={go}>
      {text}
    </button>
  );
  things.account = (change) => (
    <p class="account">
      ( {button(say.logOut, logOut)} / {button(say.change, change)} ) {button(say.yours, () => void show())}
    </p>
  );
}

const holdsOf = (comments: unknown, token: string): [string, Hold][] =>
  (Array.isArray(comments) ? comments : []).map((comment) => {
    const { id, until } = fieldsOf(comment);
    return [text(id), { token, until: number(until) }];
  });
