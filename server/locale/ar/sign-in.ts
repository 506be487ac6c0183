import type { signIn as english } from "../en/sign-in.ts";

export const signIn = {
  strip: "املأ بياناتك أدناه أو انقر أيقونة لتسجيل الدخول:",
  required: "سجّل الدخول لتترك ردًّا:",
  connecting: "جارٍ الاتصال بـ {way}…",
  digits: "هل طُلب منك رقمان هناك؟ هما {digits}.",
  cancel: "إلغاء",
  signedIn: "أنت تعلّق باستخدام حسابك على {way}.",
  last: "آخر ما استُخدم",
  failed: "لم ينجح تسجيل الدخول. حاول مرة أخرى.",
  ended: "انتهت جلستك. نصّك محفوظ.",
} satisfies Record<keyof typeof english, string>;
