/** Where an account gives no e-mail. */
export const addEmail = {
  noEmail: "This account gives no email address.",
  addEmail: "Add an email",
  emailSent: "We wrote to {email}. Please open that letter to confirm the address.",
} as const;
