import type { Catalogue } from "../format.ts";
import type { popup as en } from "../en/popup.ts";

export const popup: Catalogue<typeof en> = {
  ask: "المتابعة باسم {name} في {site}؟",
  askNameless: "المتابعة في {site}؟",
  digits: "الرقمان الظاهران بجانب التعليقات التي تكتب فيها:",
  digitsNone: "لم يظهر لك رقمان هناك؟ إذن بدأ هذا شخص آخر: أغلق هذه النافذة.",
  digitsWrong: "ليس هذان هما الرقمين. انظر مرة أخرى من فضلك.",
  goOn: "متابعة",
  done: "سُجّل دخولك.",
  failed: "لم ينجح تسجيل الدخول هذا.",
  again: "ابدأ من جديد من فضلك.",
  close: "يمكنك إغلاق هذه النافذة.",
  back: "العودة إلى الصفحة",
};
