/** Joins the deeds to an engine that runs them: the whole Store, whatever the engine. */
import { addComment } from "./queries/add.ts";
import { readChanges } from "./queries/changes.ts";
import { findClaim } from "./queries/claims.ts";
import { findComment } from "./queries/comments.ts";
import type { Context, Act } from "./queries/context.ts";
import { editComment, listRevisions } from "./queries/edit.ts";
import { exportBatch, type Exported } from "./queries/export.ts";
import { dropExpired, findValue, forgetAddresses, keepValue, replaceValue } from "./queries/keep.ts";
import { loadComments } from "./queries/load.ts";
import { readLog } from "./queries/log.ts";
import * as followers from "./queries/followers.ts";
import * as letters from "./queries/letters.ts";
import * as own from "./queries/own-things.ts";
import * as pictures from "./queries/pictures.ts";
import * as owners from "./queries/owners.ts";
import * as readerPasskeys from "./queries/reader-passkeys.ts";
import * as readers from "./queries/readers.ts";
import * as pages from "./queries/pages.ts";
import { purgeComments, purgeTrashBatch } from "./queries/purge.ts";
import { readQueue } from "./queries/queue.ts";
import * as sessions from "./queries/sessions.ts";
import * as sites from "./queries/sites.ts";
import * as ways from "./queries/ways.ts";
import { moveComments } from "./queries/status.ts";
import { giveTurnsBack, takeTurns } from "./queries/turns.ts";
import { readAround, readReplies, readThreads } from "./queries/threads.ts";
import { hasApproved } from "./queries/writers.ts";
import { type CatchUp, searchCatchUp } from "./catch-up.ts";
import type { Steps } from "./steps.ts";
import type { CommentRow, StoreChange } from "./records.ts";
import type { MailStore } from "./mail.ts";
import type { OwnThingsStore } from "./own-things.ts";
import type { PictureStore } from "./pictures.ts";
import type { ReaderStore } from "./readers.ts";
import type { WayStore } from "./ways.ts";
import type { CommentStore, OwnerStore, SiteStore, Store } from "./store.ts";

export interface Engine {
  /** Runs a deed of one statement, or none. */
  look<T>(deed: () => Steps<T>): Promise<T>;
  /** Runs a deed on one snapshot. */
  read<T>(deed: () => Steps<T>): Promise<T>;
  /** Runs a deed wholly or not at all; resolves when it is on disk. */
  write<T>(deed: (act: Act) => Steps<T>, reach?: Reach): Promise<T>;
  /** Transactions committed so far. */
  commits(): number;
  listen(listener: (change: StoreChange) => void): () => void;
  close(): Promise<void>;
}

/** What a deed reads and then changes by what it read, so that an engine with several writers lets no other in between. */
export interface Reach {
  sites?: readonly number[];
  /** The list of sites, or the owners. */
  house?: boolean;
  /** Keys of pages of the one site that it opens, which may be read ahead. */
  pages?: readonly string[];
  /** May take minutes. */
  long?: boolean;
}

/** Comments of one transaction where many are moved out or deleted, so that readers need not wait for the whole. */
const AT_ONCE = 500;

export function storeOver(cx: Context, engine: Engine): Store {
  const tally = { writes: 0 };
  const index = searchCatchUp(cx, engine);
  return {
    ...readingSide(cx, engine, index),
    ...writingSide(cx, engine, tally),
    ...siteSide(cx, engine),
    ...ownerSide(cx, engine),
    ...mailSide(cx, engine),
    ...readerSide(cx, engine),
    ...waySide(cx, engine),
    ...ownSide(cx, engine),
    ...pictureSide(cx, engine),
    value: (name) => engine.look(() => findValue(cx, name)),
    setValue: (name, value) => engine.write(() => keepValue(cx, name, value)),
    replaceValue: (name, former, value) => engine.write(() => replaceValue(cx, name, former, value)),
    takeTurns: (site, turns) => engine.write(() => takeTurns(cx, site, turns)),
    giveTurnsBack: (site, turns) => engine.write(() => giveTurnsBack(cx, site, turns)),
    async sweep(now, forgetIpBefore) {
      await engine.write(() => dropExpired(cx, now), { long: true });
      await engine.write(() => forgetAddresses(cx, forgetIpBefore), { long: true });
      await index.forget();
    },
    onChange: (listener) => engine.listen(listener),
    stats: () => ({ commits: engine.commits(), writes: tally.writes }),
    // Whatever is there: the list of sites may be long, and monitors ask every few seconds.
    ping: async () => void (await engine.read(() => findValue(cx, "ping"))),
    close() {
      index.stop();
      return engine.close();
    },
  };
}

const sitesOf = (things: readonly { site: number }[]): Reach => ({ sites: things.map(({ site }) => site) });

type Writes = "add" | "edit" | "setStatus" | "purge" | "purgeTrash" | "load";

function readingSide(cx: Context, { look, read }: Engine, index: CatchUp): Omit<CommentStore, Writes> {
  return {
    page: (site, key) => look(() => pages.findPage(cx, site, key)),
    pageById: (site, page) => look(() => pages.findPageById(cx, site, page)),
    counts: (site, keys) => look(() => pages.approvedCounts(cx, site, keys)),
    threads: (query) => read(() => readThreads(cx, query)),
    replies: (query) => read(() => readReplies(cx, query)),
    around: (query) => read(() => readAround(cx, query)),
    changes: (query) => read(() => readChanges(cx, query)),
    comment: (site, id) => look(() => findComment(cx, site, id)),
    revisions: (site, id) => look(() => listRevisions(cx, { site, id })),
    hasApproved: (site, email, name) => look(() => hasApproved(cx, site, email, name)),
    claimed: (site, kind, hash) => look(() => findClaim(cx, site, { kind, hash })),
    async queue(query) {
      if (query.search) await index.now();
      return read(() => readQueue(cx, query));
    },
    queueCounts: (site, page) => look(() => pages.countQueue(cx, site, page)),
    async *exportRows(site) {
      let after: CommentRow | null = null;
      while (true) {
        const from: CommentRow | null = after;
        const batch: Exported[] = await read(() => exportBatch(cx, site, from, AT_ONCE));
        yield* batch;
        if (batch.length < AT_ONCE) return;
        after = batch.at(-1)!.row;
      }
    },
  };
}

function writingSide(cx: Context, { write }: Engine, tally: { writes: number }): Pick<CommentStore, Writes> {
  return {
    async add(row, claims, going = null) {
      const added = await write((act) => addComment(cx, act, row, { claims, going }), { sites: [row.site], pages: [row.pageKey] });
      if (added.ok) tally.writes++;
      return added;
    },
    edit: (site, id, patch, log, version) => write((act) => editComment(cx, act, { site, id }, { patch, log, version }), { sites: [site] }),
    setStatus: (ids, to, reason, log, tell = false) => write((act) => moveComments(cx, act, { ids, to, reason, log, tell }), sitesOf(ids)),
    purge: (ids, log) => write((act) => purgeComments(cx, act, ids, log), sitesOf(ids)),
    async purgeTrash(site, before, log) {
      for (let purged = 0; ;) {
        const batch = await write((act) => purgeTrashBatch(cx, act, { site, before, limit: AT_ONCE }, log), { sites: [site] });
        purged += batch;
        if (batch < AT_ONCE) return purged;
      }
    },
    async load(rows) {
      const loaded = await write((act) => loadComments(cx, act, rows), sitesOf(rows));
      tally.writes += loaded.added;
      return loaded;
    },
  };
}

function siteSide(cx: Context, { look, read, write }: Engine): SiteStore {
  return {
    sites: () => read(() => sites.listSites(cx)),
    addSite: (site, log) => write((act) => sites.addSite(cx, act, site, log), { house: true }),
    updateSite: (id, patch, log) => write((act) => sites.updateSite(cx, act, id, { patch, log }), { house: true }),
    removeSite: (id, log) => write((act) => sites.removeSite(cx, act, id, log), { house: true, sites: [id], long: true }),
    pages: (query) => look(() => pages.listPages(cx, query)),
    setPage: (site, key, patch, log) => write((act) => pages.setPage(cx, act, { site, key }, { patch, log }), { sites: [site] }),
  };
}

function ownerSide(cx: Context, { look, read, write }: Engine): OwnerStore {
  return {
    owners: () => look(() => owners.listOwners(cx)),
    addFirstOwner: (owner, passkey, log) => write(() => owners.addFirstOwner(cx, owner, passkey, log), { house: true }),
    updateOwner: (id, patch, log) => write(() => owners.updateOwner(cx, id, patch, log), { house: true }),
    passkeys: (owner) => look(() => owners.listPasskeys(cx, owner)),
    addPasskey: (passkey, log) => write(() => owners.addPasskey(cx, passkey, log)),
    usePasskey: (id, counter) => write(() => owners.usePasskey(cx, id, counter)),
    removePasskey: (owner, id, log) => write(() => owners.removePasskey(cx, owner, id, log), { house: true }),
    addSession: (session) => write(() => sessions.addSession(cx, session)),
    extendSession: (hash, expiresAt) => write(() => sessions.extendSession(cx, hash, expiresAt)),
    session: (hash) => look(() => sessions.findSession(cx, hash)),
    removeSession: (hash) => write(() => sessions.removeSession(cx, hash)),
    removeSessions: (owner) => write(() => sessions.removeSessions(cx, owner)),
    addLink: (link) => write(() => sessions.addLink(cx, link)),
    hasLink: (hash, purpose, now) => look(() => sessions.hasLink(cx, hash, purpose, now)),
    useLink: (hash, purpose, now) => write(() => sessions.useLink(cx, hash, purpose, now)),
    log: (query) => read(() => readLog(cx, query)),
  };
}

function mailSide(cx: Context, { look, read, write }: Engine): MailStore {
  return {
    leaseLetters: (site, holder, until) => write(() => letters.leaseLetters(cx, site, holder, until)),
    releaseLetters: (site, holder) => write(() => letters.releaseLetters(cx, site, holder)),
    sitesWithLettersDue: (limit) => look(() => letters.sitesWithLettersDue(cx, limit)),
    lettersDue: (site, limit) => look(() => letters.lettersDue(cx, site, limit)),
    beginLetter: (at, holder, again) => write(() => letters.beginLetter(cx, at, holder, again)),
    putLetterOff: (at, until) => write(() => letters.putLetterOff(cx, at, until)),
    addLetters: (list) => write(() => letters.addLetters(cx, list)),
    letterSent: (letter, told) => write(() => letters.letterSent(cx, letter, told)),
    letterFailed: (at, error, end) => write(() => letters.letterFailed(cx, at, error, end)),
    spreadLetter: (letter) => write(() => followers.spreadLetter(cx, letter), { sites: [letter.site] }),
    digestOf: (site, follower, limit) => look(() => followers.digestOf(cx, site, follower, limit)),
    lettersGivenUp: (limit) => look(() => letters.lettersGivenUp(cx, limit)),
    retryLetters: (at) => write(() => letters.retryLetters(cx, at)),
    letterCounts: () => look(() => letters.letterCounts(cx)),
    follower: (site, id) => read(() => followers.findFollower(cx, site, id)),
    confirmFollows: (site, id) => write(() => followers.confirmFollows(cx, site, id)),
    setFollow: (site, id, page, often) => write(() => followers.setFollow(cx, site, id, page, often)),
    endFollow: (site, id, page) => write(() => followers.endFollow(cx, site, id, page)),
  };
}

function readerSide(cx: Context, { read, look, write }: Engine): ReaderStore {
  return {
    addSignIn: (signIn) => write(() => readers.addSignIn(cx, signIn)),
    signIn: (site, hash) => look(() => readers.findSignIn(cx, site, hash)),
    moveSignIn: (signIn, from) => write(() => readers.moveSignIn(cx, signIn, from)),
    keepAccount: (account, subject) => write(() => readers.keepAccount(cx, account, subject), { sites: [account.site] }),
    accountOf: (site, provider, subject) => read(() => readers.findAccountOf(cx, site, provider, subject)),
    hasVerifiedEmail: (site, email) => look(() => readers.hasVerifiedEmail(cx, site, email)),
    addReaderSession: (session) => write(() => readers.addReaderSession(cx, session)),
    readerSession: (site, hash) => read(() => readers.findReaderSession(cx, site, hash)),
    extendReaderSession: (site, hash, expiresAt) => write(() => readers.extendReaderSession(cx, site, hash, expiresAt)),
    removeReaderSession: (site, hash) => write(() => readers.removeReaderSession(cx, site, hash)),
    addReaderPasskey: (passkey) => write(() => readerPasskeys.addReaderPasskey(cx, passkey)),
    readerPasskey: (site, id) => read(() => readerPasskeys.findReaderPasskey(cx, site, id)),
    readerPasskeys: (site, account) => look(() => readerPasskeys.listReaderPasskeys(cx, site, account)),
    useReaderPasskey: (site, id, counter) => write(() => readerPasskeys.useReaderPasskey(cx, site, id, counter)),
    removeReaderPasskey: (site, account, id) => write(() => readerPasskeys.removeReaderPasskey(cx, { site, account, id })),
  };
}

function waySide(cx: Context, { look, write }: Engine): WayStore {
  return {
    ways: (site) => look(() => ways.listWays(cx, site)),
    addWay: (way, log) => write((act) => ways.addWay(cx, act, way, log), { sites: [way.site] }),
    changeWay: (site, id, patch, log) => write((act) => ways.changeWay(cx, act, { site, id }, patch, log), { sites: [site] }),
    orderWays: (site, order, log) => write((act) => ways.orderWays(cx, act, { site, order }, log), { sites: [site] }),
    removeWay: (site, id, log) => write((act) => ways.removeWay(cx, act, { site, id }, log), { sites: [site] }),
  };
}

function ownSide(cx: Context, { read, look, write }: Engine): OwnThingsStore {
  return {
    account: (site, id) => look(() => own.findAccount(cx, site, id)),
    accountOfEmail: (site, email, subject) => read(() => own.accountOfEmail(cx, site, email, subject)),
    identitiesOf: (site, account) => look(() => own.identitiesOf(cx, site, account)),
    commentsOf: (query) => read(() => own.commentsOf(cx, query)),
    claimComments: (claim) => write(() => own.claimComments(cx, claim), { sites: [claim.site] }),
    anonymise: (given, log) => write((act) => own.anonymise(cx, act, given, log), { sites: [given.site] }),
    confirmEmail: (site, account, email) => write(() => own.confirmEmail(cx, site, account, email)),
    readerSessions: (site, account) => look(() => own.readerSessions(cx, site, account)),
    removeReaderSessions: (site, account) => write(() => own.removeReaderSessions(cx, site, account)),
    addReaderLink: (link) => write(() => own.addReaderLink(cx, link)),
    readerLink: (site, hash) => look(() => own.findReaderLink(cx, site, hash)),
    useReaderLink: (site, hash, purpose) => write(() => own.useReaderLink(cx, site, hash, purpose)),
    followerOf: (site, email) => look(() => own.followerOf(cx, site, email)),
    lettersTo: (site, email) => look(() => own.lettersTo(cx, site, email)),
    removeAccount: (erasure) => write(() => own.removeAccount(cx, erasure), { sites: [erasure.site] }),
  };
}

function pictureSide(cx: Context, { look, write }: Engine): PictureStore {
  return {
    keepPicture: (picture, pages) => write((act) => pictures.keepPicture(cx, act, picture, pages), { sites: [picture.site] }),
    picturesOf: (site, whose) => look(() => pictures.picturesOf(cx, site, whose)),
    picture: (site, digest) => look(() => pictures.findPicture(cx, site, digest)),
  };
}
