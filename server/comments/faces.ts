/** Which picture stands beside a comment: a copy of the writer's own where there is one, else one made from who it is. */
import { createHash } from "node:crypto";
import type { Services } from "../services.ts";
import type { CommentRow, Site } from "../store/records.ts";

/** Keys of pictures at /avatar/KEY.svg, by whose they are. */
export type Faces = ReadonlyMap<string, string>;

export const NO_FACES: Faces = new Map();

type Writer = Pick<CommentRow, "email" | "name" | "account">;

/** The key of the picture for a row. Whose picture it is says nobody who has not our key. */
export function faceOf(services: Pick<Services, "keys">, row: Writer, faces: Faces): string {
  const own = row.account === null ? undefined : faces.get(row.account);
  return own ?? ((row.email !== "" && faces.get(mailKey(services, row.email))) || madeFace(services, row));
}

const madeFace = ({ keys }: Pick<Services, "keys">, row: Writer) =>
  Buffer.from(keys.sign("avatar", [row.email.toLowerCase() || `name:${row.name}`], 6), "base64url").toString("hex");

const mailKey = ({ keys }: Pick<Services, "keys">, email: string) => `mail:${keys.sign("avatar", ["picture", email.toLowerCase()], 16)}`;

/** Copies of these writers' pictures. Where Gravatar is on, those not looked for yet are, for whoever reads `page` next. */
export async function facesOf(
  services: Pick<Services, "store" | "keys" | "pictures" | "now">,
  site: Site,
  { rows, page }: { rows: readonly Writer[]; page?: string },
): Promise<Faces> {
  const accounts = rows.flatMap(({ account }) => account ?? []);
  const mailed = site.settings.gravatar ? rows.filter(({ email }) => email !== "") : [];
  const emails = new Map(mailed.map(({ email }) => [mailKey(services, email), email]));
  if (accounts.length + emails.size === 0) return NO_FACES;
  const found = await services.store.picturesOf(site.id, [...new Set([...accounts, ...emails.keys()])]);
  const isOld = (whose: string) => (found.get(whose)?.expiresAt ?? 0) <= services.now();
  const pages = page === undefined ? [] : [page];
  for (const [whose, email] of emails)
    if (isOld(whose)) services.pictures.copyGravatar({ site: site.id, whose, pages, hash: gravatarHash(email) });
  return new Map([...found].filter(([, { digest }]) => digest !== "").map(([whose, { digest }]) => [whose, pictureKey(site.id, digest)]));
}

const pictureKey = (site: number, digest: string) => `${site}-${digest}`;

/** https://docs.gravatar.com: it goes from this server to theirs, and to no reader. */
const gravatarHash = (email: string) => createHash("sha256").update(email.trim().toLowerCase()).digest("hex");
