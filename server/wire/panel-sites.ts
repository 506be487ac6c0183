/** What the panel and the server say to each other of sites and pages. Bodies are strict: an unknown member is refused. */
import * as v from "valibot";
import { LIMITS } from "./limits.ts";
import { StatusCountsWire } from "./panel-comments.ts";
import { number, text } from "./panel-parts.ts";
import { Settings, SETTINGS, SETTINGS_APART } from "./settings.ts";

export const SiteWire = v.pipe(
  v.object({
    id: v.number(),
    name: v.string(),
    origins: v.array(v.string()),
    aliases: v.record(v.string(), v.string()),
    settings: Settings,
    createdAt: v.string(),
  }),
  v.title("Site"),
);
export type SiteWire = v.InferOutput<typeof SiteWire>;
export const SiteList = v.pipe(v.object({ sites: v.array(SiteWire) }), v.title("SiteList"));
export type SiteList = v.InferOutput<typeof SiteList>;

const origins = v.pipe(v.array(text(LIMITS.url)), v.maxLength(LIMITS.origins));
export const NewSite = v.pipe(v.strictObject({ name: text(LIMITS.name), origins }), v.title("NewSite"));
export type NewSite = v.InferOutput<typeof NewSite>;
export const SiteChange = v.pipe(
  v.partial(
    v.strictObject({
      name: text(LIMITS.name),
      origins,
      aliases: v.record(text(260), text(260)),
      settings: v.partial(v.strictObject({ ...SETTINGS, ...SETTINGS_APART })),
    }),
  ),
  v.title("SiteChange"),
);
export type SiteChange = v.InferOutput<typeof SiteChange>;

/** One line of the settings form, made from the table that checks them. */
export const SettingField = v.object({
  name: v.string(),
  kind: v.picklist(["choice", "switch", "number", "text", "list"]),
  description: v.string(),
  options: v.optional(v.array(v.string())),
  min: v.optional(v.number()),
  max: v.optional(v.number()),
});
export type SettingField = v.InferOutput<typeof SettingField>;
export const SettingFields = v.pipe(v.object({ fields: v.array(SettingField) }), v.title("SettingFields"));

export const PageLine = v.pipe(
  v.object({
    site: v.number(),
    id: v.number(),
    url: v.string(),
    title: v.string(),
    /** Set by the owner, so that comments no longer change it. */
    titleFixed: v.boolean(),
    open: v.boolean(),
    counts: StatusCountsWire,
  }),
  v.title("PageLine"),
);
export type PageLine = v.InferOutput<typeof PageLine>;
export const PageParams = v.pipe(
  v.strictObject({ search: v.optional(text(LIMITS.search)), after: v.optional(number) }),
  v.title("PageParams"),
);
export const PageList = v.pipe(v.object({ pages: v.array(PageLine), next: v.nullable(v.number()) }), v.title("PageList"));
export type PageList = v.InferOutput<typeof PageList>;
export const PageChange = v.pipe(
  v.strictObject({ url: text(LIMITS.url), open: v.optional(v.boolean()), title: v.optional(text(LIMITS.title)) }),
  v.title("PageChange"),
);

export const Seen = v.pipe(
  v.object({
    /** When a page of the site last asked for its comments, RFC 3339; null for never. */
    at: v.nullable(v.string()),
    url: v.nullable(v.string()),
  }),
  v.title("Seen"),
);
export type Seen = v.InferOutput<typeof Seen>;
