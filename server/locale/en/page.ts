/** What only the page without JavaScript says. */
export const page = {
  title: "Responses to “{title}”",
  untitled: "Responses",
  back: "Back to the page",
  all: "All responses",
  first: "From the beginning",
  cancelReply: "Cancel reply",
  loginRequired: "On this site one logs in to leave a reply. That needs JavaScript: please do it on the page itself.",
  missing: "There is nothing here.",
  expired: "The form lay open for a long time. Your text is kept: please send it again.",
} as const;
