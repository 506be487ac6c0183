import type { addEmail as english } from "../en/add-email.ts";

export const addEmail = {
  noEmail: "لا يعطي هذا الحساب عنوان بريد.",
  addEmail: "إضافة بريد إلكتروني",
  emailSent: "كتبنا إلى {email}. افتح تلك الرسالة لتأكيد العنوان من فضلك.",
} satisfies Record<keyof typeof english, string>;
