import type { Catalogue } from "../format.ts";
import type { page as english } from "../en/page.ts";

export const page = {
  title: "Antworten auf „{title}“",
  untitled: "Antworten",
  back: "Zurück zur Seite",
  all: "Alle Antworten",
  first: "Von Anfang an",
  cancelReply: "Antwort abbrechen",
  loginRequired: "Auf dieser Website meldet man sich an, um zu antworten. Das braucht JavaScript: bitte auf der Seite selbst.",
  missing: "Hier ist nichts.",
  expired: "Das Formular lag lange offen. Ihr Text ist noch da: bitte senden Sie ihn noch einmal ab.",
} satisfies Catalogue<typeof english>;
