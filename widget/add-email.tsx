import type { ComponentChildren } from "preact";
import { addEmail as english } from "#locale/en/add-email";
import type { box as boxTexts } from "#locale/en/box";
import { dress } from "./dress.ts";
import type { Requests } from "./requests.ts";
import css from "./style/add-email.css?inline";
import { AddEmail } from "./view/add-email.tsx";
import { type Say, sayIn } from "./view/reading.ts";

export interface AddEmailNeeds {
  lang: string;
  language: string;
  root: ShadowRoot;
  /** The box's. */
  say: Say<typeof boxTexts>;
  requests: Requests;
  page: { url: string };
  post: { auth?: Record<string, string> | undefined };
  changed: () => void;
  focus: (selector: string) => void;
}

const LOCALES: Partial<Record<string, () => Promise<{ addEmail: { readonly [Key in keyof typeof english]: string } }>>> = {
  de: () => import("#locale/de/add-email"),
  ar: () => import("#locale/ar/add-email"),
};

/** What an account without an e-mail sees in place of the box for letters; `can` says whether the server takes an address. */
export async function openAddEmail(needs: AddEmailNeeds): Promise<(can: boolean) => ComponentChildren> {
  const { lang, language, root, say: box, requests, page, post, changed, focus } = needs;
  const say = sayIn(lang, (await LOCALES[language]?.())?.addEmail ?? english) as Say<typeof english>;
  dress(root, css);
  let state = "";
  const add = async (email: string) => {
    state = "busy";
    changed();
    try {
      await requests.send("POST", "auth/email", { url: page.url, email }, post.auth);
      state = email;
    } catch (error) {
      state = (error as { code?: unknown }).code === "invalid" ? "invalid" : "internal";
    }
    changed();
  };
  const open = () => {
    state = "open";
    focus("#you-add-email");
  };
  return (can) => <AddEmail say={say} box={box} can={can} state={state} open={open} add={(address) => void add(address)} />;
}
