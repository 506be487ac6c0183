import type { Services } from "../services.ts";
import type { Account } from "../store/readers.ts";
import type { Site } from "../store/records.ts";
import { lettersOf, provenAddress } from "./own-things.ts";
import { pageUrl } from "./sites.ts";

const AT_ONCE = 100;

/** All that is kept of a reader, as the pieces of one JSON document; comments are read as it is sent. */
export async function* exportOwn(services: Services, site: Site, account: Account): AsyncIterable<string> {
  const { store } = services;
  const { site: _, ...who } = account;
  const [ways, passkeys, sessions, letters, waiting] = await Promise.all([
    store.identitiesOf(site.id, account.id),
    store.readerPasskeys(site.id, account.id),
    store.readerSessions(site.id, account.id),
    lettersOf(services, site, account),
    provenAddress(account) === "" ? [] : store.lettersTo(site.id, provenAddress(account)),
  ]);
  const head = {
    youfigure: 1,
    site: { id: site.id, name: site.name },
    account: { ...who, createdAt: iso(who.createdAt) },
    signsInWith: ways,
    passkeys: passkeys.map(({ id, publicKey, createdAt }) => ({ id, publicKey, createdAt: iso(createdAt) })),
    sessions: sessions.map(({ hash, createdAt, expiresAt }) => ({ hash, createdAt: iso(createdAt), expiresAt: iso(expiresAt) })),
    follows: letters?.follows.map(({ key, ...follow }) => ({ url: pageUrl(site, key), ...follow })) ?? [],
    letters: waiting.map(({ kind, createdAt }) => ({ kind, createdAt: iso(createdAt) })),
  };
  yield `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "comments": [`;
  yield* comments(services, site, account);
  yield "\n  ]\n}\n";
}

async function* comments({ store }: Services, site: Site, { id: account }: Account): AsyncIterable<string> {
  let after: string | undefined;
  for (;;) {
    const found = await store.commentsOf({ site: site.id, account, after, limit: AT_ONCE });
    for (const { row, page } of found) {
      const { id, parent, name, email, website, role, source, format, createdAt, editedAt, ipHash, status } = row;
      const earlier = await store.revisions(site.id, id);
      const told = {
        url: `${pageUrl(site, page.key)}#comment-${id}`,
        id,
        parent,
        name,
        email,
        website,
        role,
        source,
        format,
        ipHash,
        // As its author sees it: a verdict is not told.
        public: status === "approved",
        createdAt: iso(createdAt),
        editedAt: editedAt === null ? null : iso(editedAt),
        earlier: earlier.map(({ at, name, website, source }) => ({ at: iso(at), name, website, source })),
      };
      yield `${after === undefined ? "" : ","}\n    ${JSON.stringify(told)}`;
      after = id;
    }
    if (found.length < AT_ONCE) return;
  }
}

const iso = (at: number) => new Date(at).toISOString();
