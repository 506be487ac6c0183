/** What the box says to those who may sign in. */
export const signIn = {
  strip: "Fill in your details below or click an icon to log in:",
  required: "Log in to leave a reply:",
  connecting: "Connecting to {way}…",
  digits: "Asked for two digits there? They are {digits}.",
  cancel: "Cancel",
  signedIn: "You are commenting using your {way} account.",
  last: "last used",
  failed: "Logging in did not work. Please try again.",
  ended: "Your login has ended. Your text is kept.",
} as const;
