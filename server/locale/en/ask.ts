/** The page on which the window asks where a reader is at home, for providers that are many servers. */
export const ask = {
  title: "Sign in with {way}",
  mastodon: "Your Mastodon server or handle",
  mastodon_hint: "For example social.example or @me@social.example.",
  bluesky: "Your Bluesky handle",
  bluesky_hint: "For example me.bsky.social.",
  go: "Continue",
  failed: "Nobody could be reached there. Please check the spelling, or try again later.",
  going: "Connecting to {host} …",
} as const;
