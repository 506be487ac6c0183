import type { Catalogue } from "../format.ts";
import type { embed as en } from "../en/embed.ts";

export const embed: Catalogue<typeof en> = { unreached: "Die Kommentare sind gerade nicht erreichbar.", again: "Noch einmal versuchen" };
