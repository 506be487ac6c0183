import type { signIn as english } from "../en/sign-in.ts";

export const signIn = {
  strip: "Tragen Sie unten Ihre Angaben ein oder klicken Sie auf ein Symbol, um sich anzumelden:",
  required: "Melden Sie sich an, um zu antworten:",
  connecting: "Verbindung zu {way}…",
  digits: "Werden Sie dort nach zwei Ziffern gefragt? Es sind {digits}.",
  cancel: "Abbrechen",
  signedIn: "Sie kommentieren mit Ihrem {way}-Konto.",
  last: "zuletzt benutzt",
  failed: "Die Anmeldung hat nicht geklappt. Bitte versuchen Sie es noch einmal.",
  ended: "Ihre Anmeldung ist abgelaufen. Ihr Text bleibt erhalten.",
} satisfies Record<keyof typeof english, string>;
