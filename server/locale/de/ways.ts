import type { Catalogue } from "../format.ts";
import type { ways as english } from "../en/ways.ts";

export const ways = {
  close: "Sie können dieses Fenster schließen.",
  go_on: "Weiter",
  email_title: "Bei {site} per E-Mail anmelden",
  email_why: "Sie erhalten einen Brief mit einem Code aus sechs Ziffern. Ein Passwort gibt es nicht.",
  email_label: "Ihre E-Mail-Adresse",
  email_send: "Code senden",
  email_bad: "An diese Adresse lässt sich kein Brief senden. Bitte sehen Sie noch einmal nach.",
  email_many: "Von hier wurden zu viele Briefe angefordert. Bitte versuchen Sie es später noch einmal.",
  code_title: "Sehen Sie in Ihre Post",
  code_why:
    "Ein Brief mit einem Code aus sechs Ziffern geht an {email}. Er kann eine Minute brauchen oder im Spam liegen. Eine Adresse erhält höchstens drei solche Briefe in einer Viertelstunde.",
  code_label: "Der Code",
  code_wrong: "Das ist nicht der Code. Bitte sehen Sie noch einmal nach.",
  code_over: "Dieser Code ist verbraucht oder zu alt. Bitte fordern Sie einen anderen an.",
  code_again: "Noch einen Brief senden",
  code_soon: "Eben ist ein Brief abgegangen. In einer Minute können Sie einen anderen anfordern.",
  code_other: "Eine andere Adresse verwenden",
  letter_title: "Bei {site} als {email} anmelden?",
  letter_over: "Dieser Link wurde schon verwendet oder ist zu alt.",
  elsewhere_title: "Ihr Code für {site}",
  elsewhere_why: "Tippen Sie ihn in das Fenster, in dem Sie die Anmeldung begonnen haben.",
  elsewhere_else:
    "Sie haben das nicht selbst begonnen? Dann war es jemand anderes, mit Ihrer Adresse. Schließen Sie diese Seite und sagen Sie niemandem den Code: Wer ihn hat, könnte in Ihrem Namen schreiben.",
  name_label: "Der Name, unter dem Sie schreiben",
  name_wrong: "Bitte geben Sie einen Namen an.",
  passkey_title: "Bei {site} mit einem Passkey anmelden",
  passkey_why: "Ihr Gerät fragt nach Finger, Gesicht oder PIN. Mehr braucht es nicht.",
  passkey_use: "Passkey verwenden",
  passkey_none: "Es kam kein Passkey. Versuchen Sie es noch einmal, oder schließen Sie dieses Fenster und melden Sie sich anders an.",
  passkey_unknown:
    "Dieser Passkey ist hier nicht bekannt. Versuchen Sie einen anderen, oder schließen Sie dieses Fenster und melden Sie sich anders an.",
  passkey_cannot: "Dieser Browser kann hier keine Passkeys verwenden. Schließen Sie dieses Fenster und melden Sie sich anders an.",
  passkey_offer: "Nächstes Mal einen Passkey verwenden",
  passkey_not_made: "Es wurde kein Passkey angelegt. Sie können ohne ihn fortfahren.",
} satisfies Catalogue<typeof english>;
