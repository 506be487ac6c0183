/** What the panel and the server say to each other of a site's ways in. A secret goes one way only. */
import * as v from "valibot";
import { LIMITS } from "./limits.ts";
import { text } from "./panel-parts.ts";
import { WAY_VERDICTS } from "./way-verdicts.ts";

const NEEDS = ["issuer", "client", "secret"] as const;

export const WayLine = v.pipe(
  v.object({
    id: v.string(),
    kind: v.string(),
    label: v.string(),
    /** The site's own, not one that the server's environment names. */
    own: v.boolean(),
    on: v.boolean(),
    /** What keeps it from working: a field is empty, or the secret has to be entered again. */
    lacks: v.picklist(["nothing", "fields", "secret"]),
    /** Of the site's own; "" else. */
    issuer: v.string(),
    client: v.string(),
    /** Whether one is kept. It is never sent. */
    secret: v.boolean(),
    /** To be registered at the other side. */
    redirect: v.string(),
    /** Whether there is something to be tried. */
    canTest: v.boolean(),
  }),
  v.title("Way"),
);
export type WayLine = v.InferOutput<typeof WayLine>;

/** A kind of way in. */
export const KindLine = v.pipe(
  v.object({
    id: v.string(),
    label: v.string(),
    /** Fields of a site's own way; none where the environment alone can set it up. */
    needs: v.array(v.picklist(NEEDS)),
    /** Of these, what may stay empty. */
    optional: v.array(v.picklist(NEEDS)),
    /** Where one registers, "" where that differs. */
    register: v.string(),
    /** What to do, and what it costs or needs, in English. */
    about: v.string(),
  }),
  v.title("WayKind"),
);
export type KindLine = v.InferOutput<typeof KindLine>;
export const WayList = v.pipe(v.object({ ways: v.array(WayLine), kinds: v.array(KindLine) }), v.title("WayList"));
export type WayList = v.InferOutput<typeof WayList>;

export const NewWay = v.pipe(v.strictObject({ kind: text(40) }), v.title("NewWay"));
/** Only what is given changes; of the server's ways only `on` can. A secret of "" is none. */
export const WayChange = v.pipe(
  v.partial(
    v.strictObject({
      label: text(LIMITS.name),
      issuer: text(LIMITS.url),
      client: text(500),
      secret: text(2_000),
      on: v.boolean(),
    }),
  ),
  v.title("WayChange"),
);
export type WayChange = v.InferOutput<typeof WayChange>;
export const WayOrder = v.pipe(v.strictObject({ ids: v.pipe(v.array(text(80)), v.maxLength(100)) }), v.title("WayOrder"));

export const WayTest = v.pipe(
  v.object({
    verdict: v.picklist(WAY_VERDICTS),
    /** With `not_allowed`: what OUTBOUND_ALLOW would have to name. */
    place: v.optional(v.string()),
  }),
  v.title("WayTest"),
);
export type WayTest = v.InferOutput<typeof WayTest>;
