/** What the box says to those who are signed in. */
export const mine = {
  logOut: "Log Out",
  change: "Change",
  yours: "Your comments",
} as const;
