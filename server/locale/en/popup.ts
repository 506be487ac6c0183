/** The pages of the window in which a reader signs in. */
export const popup = {
  ask: "Continue as {name} on {site}?",
  askNameless: "Continue on {site}?",
  digits: "The two digits shown beside the comments you write on:",
  digitsNone: "Nobody showed you digits there? Then someone else began this: close this window.",
  digitsWrong: "These are not the digits. Please look again.",
  goOn: "Continue",
  done: "You are signed in.",
  failed: "This sign-in did not work.",
  again: "Please begin again.",
  close: "You can close this window.",
  back: "Back to the page",
} as const;
