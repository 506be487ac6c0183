import type { ask as english } from "../en/ask.ts";

export const ask = {
  title: "Mit {way} anmelden",
  mastodon: "Ihr Mastodon-Server oder Ihre Adresse dort",
  mastodon_hint: "Zum Beispiel social.example oder @ich@social.example.",
  bluesky: "Ihr Bluesky-Handle",
  bluesky_hint: "Zum Beispiel ich.bsky.social.",
  go: "Weiter",
  failed: "Dort war niemand zu erreichen. Bitte prüfen Sie die Schreibweise, oder versuchen Sie es später noch einmal.",
  going: "Verbindung zu {host} …",
} satisfies Record<keyof typeof english, string>;
