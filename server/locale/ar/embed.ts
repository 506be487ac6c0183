import type { Catalogue } from "../format.ts";
import type { embed as en } from "../en/embed.ts";

export const embed: Catalogue<typeof en> = { unreached: "تعذّر الوصول إلى التعليقات.", again: "حاول مرة أخرى" };
