import type { addEmail as english } from "../en/add-email.ts";

export const addEmail = {
  noEmail: "Dieses Konto nennt keine E-Mail-Adresse.",
  addEmail: "E-Mail hinzufügen",
  emailSent: "Wir haben an {email} geschrieben. Bitte bestätigen Sie die Adresse mit diesem Brief.",
} satisfies Record<keyof typeof english, string>;
