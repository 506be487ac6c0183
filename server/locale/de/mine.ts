import type { mine as english } from "../en/mine.ts";

export const mine = {
  logOut: "Abmelden",
  change: "Ändern",
  yours: "Ihre Kommentare",
} satisfies Record<keyof typeof english, string>;
