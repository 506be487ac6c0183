/** What the panel and the server say to each other, below /api/v1/panel. Bodies are strict: an unknown member is refused. */
import * as v from "valibot";
import { Comment, Id, REASONS, SORTS } from "./comment.ts";
import { LIMITS } from "./limits.ts";
import { Settings, SETTINGS } from "./settings.ts";

/** Statuses that a moderator sees and sets. */
export const QUEUE_STATUSES = ["held", "approved", "spam", "trash"] as const;
export type QueueStatus = (typeof QUEUE_STATUSES)[number];

const text = (max: number) => v.pipe(v.string(), v.maxLength(max));
const number = v.pipe(v.string(), v.regex(/^[1-9]\d{0,8}$/), v.transform(Number));
const siteId = v.pipe(v.number(), v.integer(), v.minValue(1));

export const OwnerProfile = v.pipe(
  v.object({
    id: v.string(),
    name: v.string(),
    /** Shown beside the name of the owner's answers. */
    role: v.string(),
    email: v.string(),
    /** Whether a passphrase is set. */
    passphrase: v.boolean(),
  }),
  v.title("OwnerProfile"),
);
export type OwnerProfile = v.InferOutput<typeof OwnerProfile>;

export const Session = v.pipe(
  v.object({
    /** null when nobody is signed in. */
    owner: v.nullable(OwnerProfile),
    /** No owner yet: the set-up link opens the door. */
    setup: v.boolean(),
    /** Host name at which passkeys work; null where the host can't be a relying party. */
    passkeyHost: v.nullable(v.string()),
    /** Address of this server, for the snippet. */
    publicUrl: v.string(),
  }),
  v.title("PanelSession"),
);
export type Session = v.InferOutput<typeof Session>;

/** A WebAuthn credential as JSON (WebAuthn 3, RegistrationResponseJSON and AuthenticationResponseJSON); verified by the server's library. */
const Credential = v.pipe(
  v.object({
    id: text(1_400),
    rawId: text(1_400),
    type: v.literal("public-key"),
    response: v.record(v.string(), v.unknown()),
    clientExtensionResults: v.optional(v.record(v.string(), v.unknown()), {}),
    authenticatorAttachment: v.optional(v.nullable(text(20))),
  }),
  v.title("Credential"),
);
export type Credential = v.InferOutput<typeof Credential>;

export const PasskeyOptions = v.pipe(
  v.object({ options: v.record(v.string(), v.unknown()) }),
  v.title("PasskeyOptions"),
  v.description("Options for navigator.credentials as WebAuthn 3 writes them in JSON; the challenge is good once, for five minutes."),
);
export type PasskeyOptions = v.InferOutput<typeof PasskeyOptions>;

const token = v.pipe(v.string(), v.regex(/^[\w-]{43}$/));
const profile = { name: text(LIMITS.name), role: text(LIMITS.name), email: text(LIMITS.email) };

export const SetupOptionsRequest = v.pipe(
  v.strictObject({ token, name: text(LIMITS.name), email: text(LIMITS.email) }),
  v.title("SetupOptionsRequest"),
);
export const SetupRequest = v.pipe(
  v.strictObject({
    /** From the one-time link. */
    token,
    ...profile,
    passphrase: v.optional(text(LIMITS.passphrase)),
    passkey: v.optional(Credential),
  }),
  v.title("SetupRequest"),
  v.description("A passphrase, a passkey, or both."),
);
export type SetupRequest = v.InferOutput<typeof SetupRequest>;
export const PassphraseLogin = v.pipe(
  v.strictObject({ email: text(LIMITS.email), passphrase: text(LIMITS.passphrase) }),
  v.title("PassphraseLogin"),
);
export const PasskeyLogin = v.pipe(v.strictObject({ passkey: Credential }), v.title("PasskeyLogin"));
export const LinkLogin = v.pipe(v.strictObject({ token }), v.title("LinkLogin"));
export const Nothing = v.pipe(v.strictObject({}), v.title("Nothing"));

export const ProfileChange = v.pipe(v.partial(v.strictObject(profile)), v.title("ProfileChange"));
export const PassphraseChange = v.pipe(v.strictObject({ passphrase: text(LIMITS.passphrase) }), v.title("PassphraseChange"));
export const NewPasskey = v.pipe(v.strictObject({ passkey: Credential, label: text(LIMITS.name) }), v.title("NewPasskey"));
export const PasskeyList = v.pipe(
  v.object({ passkeys: v.array(v.object({ id: v.string(), label: v.string(), createdAt: v.string() })) }),
  v.title("PasskeyList"),
);
export type PasskeyList = v.InferOutput<typeof PasskeyList>;

const Ref = v.strictObject({ site: siteId, id: Id });
export type Ref = v.InferOutput<typeof Ref>;
const Refs = v.pipe(v.array(Ref), v.minLength(1), v.maxLength(LIMITS.bulk));

export const StatusCountsWire = v.pipe(
  v.object({ held: v.number(), approved: v.number(), spam: v.number(), trash: v.number() }),
  v.title("StatusCounts"),
);
export type StatusCountsWire = v.InferOutput<typeof StatusCountsWire>;

export const QueueItem = v.pipe(
  v.object({
    site: v.number(),
    page: v.object({ id: v.number(), url: v.string(), title: v.string(), open: v.boolean() }),
    comment: Comment,
    /** Never shown to readers. */
    email: v.string(),
    status: v.picklist(QUEUE_STATUSES),
    /** To which Restore returns. */
    former: v.nullable(v.picklist(QUEUE_STATUSES)),
    /** Why it waits or lies in spam. */
    reason: v.nullable(v.picklist(REASONS)),
    /** Name of whom it answers. */
    to: v.nullable(v.string()),
  }),
  v.title("QueueItem"),
);
export type QueueItem = Omit<v.InferOutput<typeof QueueItem>, "comment"> & { comment: Comment };

export const QueueParams = v.pipe(
  v.strictObject({
    /** Absent: all but spam and trash. */
    status: v.optional(v.picklist(QUEUE_STATUSES)),
    site: v.optional(number),
    /** Only together with `site`. */
    page: v.optional(number),
    search: v.optional(text(LIMITS.search)),
    sort: v.optional(v.picklist(SORTS), "newest"),
    after: v.optional(Id),
  }),
  v.title("QueueParams"),
);
export const Queue = v.pipe(
  v.object({ items: v.array(QueueItem), next: v.nullable(v.string()), counts: StatusCountsWire }),
  v.title("Queue"),
);
export interface Queue {
  items: QueueItem[];
  next: string | null;
  counts: StatusCountsWire;
}

export const StatusRequest = v.pipe(
  v.strictObject({
    ids: Refs,
    /** `former` restores from spam or trash to where each was before. */
    to: v.picklist([...QUEUE_STATUSES, "former"]),
    /** Taking back an earlier act: the log says so, and `reason` puts back why it had been held. */
    undo: v.optional(v.boolean(), false),
    reason: v.optional(v.nullable(v.picklist(REASONS))),
  }),
  v.title("StatusRequest"),
);
export type StatusRequest = v.InferOutput<typeof StatusRequest>;
const StatusName = v.picklist([...QUEUE_STATUSES, "removed"]);
export const StatusAnswer = v.pipe(
  v.object({ changes: v.array(v.object({ site: v.number(), id: Id, from: StatusName, to: StatusName })) }),
  v.title("StatusAnswer"),
);
export type StatusAnswer = v.InferOutput<typeof StatusAnswer>;

export const PurgeRequest = v.pipe(v.strictObject({ ids: Refs }), v.title("PurgeRequest"));
export const EmptyRequest = v.pipe(
  v.strictObject({ status: v.picklist(["spam", "trash"]), site: v.optional(siteId) }),
  v.title("EmptyRequest"),
);
export const Purged = v.pipe(v.object({ purged: v.number() }), v.title("Purged"));
export type Purged = v.InferOutput<typeof Purged>;

export const ModeratorView = v.pipe(
  v.object({ item: QueueItem, source: v.string(), format: v.picklist(["markdown", "html"]) }),
  v.title("ModeratorView"),
);
export interface ModeratorView {
  item: QueueItem;
  source: string;
  format: "markdown" | "html";
}
export const ModeratorEdit = v.pipe(
  v.strictObject({
    body: v.string(),
    name: v.string(),
    email: v.string(),
    website: v.string(),
    /** The version that was read; another is refused with `changed_meanwhile`. */
    version: v.number(),
  }),
  v.title("ModeratorEdit"),
);
export type ModeratorEdit = v.InferOutput<typeof ModeratorEdit>;
export const OwnerReply = v.pipe(
  v.strictObject({
    body: v.string(),
    /** Made by the client for each reply, so that sending it twice stores it once. */
    key: v.pipe(v.string(), v.regex(/^[\w-]{16,64}$/)),
  }),
  v.title("OwnerReply"),
);
export const ReplyAnswer = v.pipe(v.object({ reply: QueueItem, parent: QueueItem }), v.title("ReplyAnswer"));
export interface ReplyAnswer {
  reply: QueueItem;
  parent: QueueItem;
}

export const History = v.pipe(
  v.object({
    revisions: v.array(v.object({ at: v.string(), by: v.string(), name: v.string(), website: v.string(), source: v.string() })),
    log: v.array(
      v.object({
        at: v.string(),
        by: v.string(),
        action: v.picklist(["status", "edit", "purge", "site", "page", "owner"]),
        from: v.nullable(StatusName),
        to: v.nullable(StatusName),
        note: v.nullable(v.string()),
      }),
    ),
  }),
  v.title("History"),
);
export type History = v.InferOutput<typeof History>;

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
      settings: v.partial(v.strictObject(SETTINGS)),
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
