/** What only the page without JavaScript says. */
export const page = {
  title: "Responses to “{title}”",
  untitled: "Responses",
  back: "Back to the page",
  all: "All responses",
  first: "From the beginning",
  cancelReply: "Cancel reply",
  missing: "There is nothing here.",
  expired: "The form lay open for a long time. Your text is kept: please send it again.",
} as const;
