import type { Sort } from "#wire/comment";
import { real } from "./real-document.ts";

/** What an author can say about one place for comments. */
export interface Options {
  /** Address of the page that is commented on. */
  url: string;
  title: string;
  /** BCP 47. */
  lang: string;
  theme: "auto" | "light" | "dark";
  /** Of the thread's own heading, 2 to 6. */
  headingLevel: number;
  /** Heading of the box; "" is the catalogue's. */
  replyTitle: string;
  /** "" is the site's. */
  sort: Sort | "";
}

/** THE table of attributes, on <you-figure> or on the script. */
export const ATTRIBUTES = ["url", "title", "lang", "theme", "heading-level", "reply-title", "sort"].map((name) => `data-${name}`);

/** Reads the attributes of the element, then those of the script, then what the page says of itself. */
export function readOptions(element: Element, script: Element): Options {
  const say = (name: string) => element.getAttribute(`data-${name}`) ?? script.getAttribute(`data-${name}`) ?? "";
  const canonical = real("querySelector")("link[rel~=canonical]") as HTMLLinkElement | null;
  const level = +say("heading-level");
  const theme = say("theme");
  const sort = say("sort");
  return {
    url: absolute(say("url")) || absolute(canonical?.getAttribute("href")) || here(),
    title: (say("title") || real("title")).trim(),
    lang: say("lang") || (element.closest("[lang]") as HTMLElement | null)?.lang || "en",
    theme: theme === "light" || theme === "dark" ? theme : "auto",
    headingLevel: level > 1 && level < 7 ? level : 2,
    replyTitle: say("reply-title"),
    sort: sort === "oldest" || sort === "newest" ? sort : "",
  };
}

const here = () => location.href.replace(/#.*/s, "");

/** Resolved against the page itself, never its <base>: a base often names a place for images. "" when it is no address. */
function absolute(text: string | null | undefined): string {
  try {
    return text ? new URL(text, location.href).href.replace(/#.*/s, "") : "";
  } catch {
    return "";
  }
}
