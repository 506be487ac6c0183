import { ago as agoIn } from "../../view/time.tsx";
import { language } from "./words.ts";

/** “3 hours ago”, or the date when it is long ago. `at` is RFC 3339. */
export const ago = (at: string): string => agoIn(language.value, Date.parse(at), Date.now());

export const fullTime = (at: string): string =>
  new Intl.DateTimeFormat(language.value, { dateStyle: "full", timeStyle: "short" }).format(Date.parse(at));
