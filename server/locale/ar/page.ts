import type { Catalogue } from "../format.ts";
import type { page as english } from "../en/page.ts";

export const page = {
  title: "الردود على «{title}»",
  untitled: "الردود",
  back: "العودة إلى الصفحة",
  all: "كل الردود",
  first: "من البداية",
  cancelReply: "إلغاء الرد",
  loginRequired: "يتطلب الرد في هذا الموقع تسجيل الدخول، وهذا يحتاج إلى جافاسكريبت: افعل ذلك في الصفحة نفسها من فضلك.",
  missing: "لا يوجد شيء هنا.",
  expired: "ظل النموذج مفتوحًا وقتًا طويلًا. نصك محفوظ: يرجى إرساله مرة أخرى.",
} satisfies Catalogue<typeof english>;
