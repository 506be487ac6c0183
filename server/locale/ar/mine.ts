import type { mine as english } from "../en/mine.ts";

export const mine = {
  logOut: "تسجيل الخروج",
  change: "تغيير",
  yours: "تعليقاتك",
} satisfies Record<keyof typeof english, string>;
