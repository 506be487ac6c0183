import type { ask as english } from "../en/ask.ts";

export const ask = {
  title: "تسجيل الدخول عبر {way}",
  mastodon: "خادمك على Mastodon أو معرّفك فيه",
  mastodon_hint: "مثلًا social.example أو ‎@me@social.example.",
  bluesky: "معرّفك على Bluesky",
  bluesky_hint: "مثلًا me.bsky.social.",
  go: "متابعة",
  failed: "تعذّر الوصول إلى أحد هناك. تحقق من الكتابة أو حاول لاحقًا.",
  going: "جارٍ الاتصال بـ {host} …",
} satisfies Record<keyof typeof english, string>;
