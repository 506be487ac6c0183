/** What the panel and the server say to each other of the owner and of signing in. Bodies are strict: an unknown member is refused. */
import * as v from "valibot";
import { LIMITS } from "./limits.ts";
import { text } from "./panel-parts.ts";

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
export const Credential = v.pipe(
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
