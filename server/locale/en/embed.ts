/** All that can be said when nothing but the script tag could be loaded. */
export const embed = { unreached: "The comments can’t be reached.", again: "Try again" } as const;
