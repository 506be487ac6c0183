import type { Identity } from "./connect.ts";
import { type Meeting, meetSiteUser } from "./site-user.ts";
import { GLYPHS, type Glyphs } from "./view/glyphs.ts";

/** What the strip does without for a moment: the site's own user, and its drawings. */
export function later(needs: Meeting, it: Identity): Glyphs {
  meetSiteUser(needs, it);
  return GLYPHS;
}
