import type { Catalogue } from "../format.ts";
import type { popup as en } from "../en/popup.ts";

export const popup: Catalogue<typeof en> = {
  ask: "Als {name} auf {site} weitermachen?",
  askNameless: "Auf {site} weitermachen?",
  digits: "Die zwei Ziffern, die bei den Kommentaren stehen, zu denen Sie schreiben:",
  digitsNone: "Dort stehen keine Ziffern? Dann hat jemand anders dies begonnen: Schließen Sie dieses Fenster.",
  digitsWrong: "Das sind nicht die Ziffern. Bitte sehen Sie noch einmal nach.",
  goOn: "Weiter",
  done: "Sie sind angemeldet.",
  failed: "Diese Anmeldung hat nicht geklappt.",
  again: "Bitte beginnen Sie noch einmal.",
  close: "Sie können dieses Fenster schließen.",
  back: "Zurück zur Seite",
};
