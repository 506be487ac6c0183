import { randomInt, timingSafeEqual } from "node:crypto";
import { OutboundError } from "../outbound.ts";
import { Refusal } from "../refusal.ts";
import type { Language } from "../locale/format.ts";
import type { Services } from "../services.ts";
import type { Account, SignIn } from "../store/readers.ts";
import type { Profile, Provider } from "./provider.ts";
import { openReaderSession } from "./reader-session.ts";
import { hashToken, newToken } from "./token.ts";
import { redirectUriOf } from "./ways.ts";

/** Time to type a password and find a second factor. */
const LIFETIME_MS = 10 * 60_000;
/** Guesses at the two digits. */
const TRIES = 3;

/** What is kept of a sign-in under way; whatever proves something only as its hash. */
interface Held {
  provider: string;
  /** Of the page on which it was begun. */
  origin: string;
  /** Address of that page where it is left for the sign-in, "" where a window was opened. */
  returnTo: string;
  lang: Language;
  verifier: string;
  digits: string;
  tries: number;
  state: string;
  /** What the provider wants handed back with the answer. */
  kept: string;
  profile: Profile | null;
  account: string;
  /** Proves that the browser that returned is the one that confirmed. */
  code: string;
}

export interface Begun {
  signIn: SignIn;
  held: Held;
  provider: Provider;
}

/** Sent to its provider, or to a page of ours. */
export type Sent = Begun & { request: string };

export interface Start {
  site: number;
  provider: string;
  origin: string;
  returnTo: string;
  /** Of the page's comments, and so of the window's pages. */
  lang: Language;
  verifier: string;
}

/** A reader wants to sign in: nothing has left this server yet. */
export async function startSignIn(services: Services, start: Start): Promise<{ request: string; digits: string }> {
  const { store, now, randomBytes } = services;
  if (!(await services.ways.of(start.site)).some(({ id }) => id === start.provider)) throw new Refusal("not_found");
  const token = newToken(randomBytes);
  const digits = String(randomInt(100)).padStart(2, "0");
  const { provider, origin, returnTo, lang } = start;
  const rest = { tries: 0, state: "", kept: "", profile: null, account: "", code: "" };
  const held: Held = { provider, origin, returnTo, lang, verifier: hashToken(start.verifier), digits, ...rest };
  const request = `${start.site}.${token}`;
  await store.addSignIn({
    site: start.site,
    hash: hashToken(request),
    step: "started",
    held: JSON.stringify(held),
    expiresAt: now() + LIFETIME_MS,
  });
  return { request, digits };
}

/** Where the window goes next, and the state that its browser has to bring back in a cookie as well. */
export async function sendOn(services: Services, request: string, said = ""): Promise<{ address: string; state: string }> {
  const { signIn, held, provider } = await find(services, request);
  const state = `${request}.${newToken(services.randomBytes)}`;
  const asked = { redirectUri: redirectUriOf(services.config, provider.id), state, said };
  const { address, kept } = await provider.begin(services, asked).catch((error: unknown) => {
    noteFailure(services, provider.id, error);
    // Whoever was looked for by name may be looked for by another.
    throw error instanceof Refusal || error instanceof OutboundError ? error : new Refusal("forbidden");
  });
  if (!(await move(services, signIn, "sent", { ...held, kept, state: hashToken(state) }))) throw new Refusal("not_found");
  return { address, state };
}

/** In which language to speak of a sign-in that failed, and where to go back to, if it is known at all. */
export async function wayBack(services: Services, request: string): Promise<Pick<Held, "lang" | "returnTo"> | null> {
  try {
    return (await find(services, request)).held;
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/** The sign-in that this browser was sent on with, for pages of ours that ask on a provider's behalf. Refusal `forbidden` without. */
export async function underWay(services: Services, { provider: at, cookie }: { provider: string; cookie: string }): Promise<Sent> {
  const request = cookie.slice(0, Math.max(0, cookie.lastIndexOf(".")));
  const begun = await find(services, request);
  const { signIn, held, provider } = begun;
  if (signIn.step !== "sent" || provider.id !== at || !same(held.state, hashToken(cookie))) throw new Refusal("forbidden");
  return { ...begun, request };
}

/** Keeps something else for the answer, until later. Refusal `forbidden` when the sign-in went on meanwhile. */
export async function keepOn(services: Services, { signIn, held }: Begun, kept: string, expiresAt: number): Promise<void> {
  if (!(await move(services, { ...signIn, expiresAt }, "sent", { ...held, kept }))) throw new Refusal("forbidden");
}

/** Keeps something until the reader confirms. Refusal `forbidden` when the sign-in went on meanwhile. */
export async function keepKnown(services: Services, { signIn, held }: Begun, kept: string): Promise<void> {
  if (!(await move(services, { ...signIn, step: "known" }, "known", { ...held, kept }))) throw new Refusal("forbidden");
}

/** The provider's answer came to its own address, in the browser that was sent there. Each answer is looked at once. */
export async function receiveAnswer(
  services: Services,
  { provider: at, answer, cookie }: { provider: string; answer: URLSearchParams; cookie: string },
): Promise<Sent & { profile: Profile }> {
  const { signIn, held, provider, request } = await underWay(services, { provider: at, cookie });
  if (!(await move(services, signIn, "asking", held))) throw new Refusal("forbidden");
  const asking: SignIn = { ...signIn, step: "asking" };
  try {
    const came = { redirectUri: redirectUriOf(services.config, provider.id), state: cookie, kept: held.kept, params: answer };
    const profile = await provider.answer(services, came);
    const known = { ...held, kept: "", profile };
    if (!(await move(services, asking, "known", known))) throw new Refusal("forbidden");
    return { signIn, held: known, provider, request, profile };
  } catch (error) {
    noteFailure(services, at, error);
    await move(services, asking, "failed", { ...held, kept: "" });
    throw error instanceof Refusal ? error : new Refusal("forbidden");
  }
}

/** By the library's own word for it; never by what the provider wrote. */
function noteFailure({ log }: Services, provider: string, error: unknown): void {
  const { name, code, cause } = error as Error & { code?: string; cause?: { code?: string; name?: string } };
  log.info({ provider, error: name, cause: code ?? cause?.code ?? cause?.name }, "a sign-in failed");
}

/** The reader pressed the button, in the browser that signed in: only now there is an account. Returns where to go on, "" for nowhere. */
export async function confirmSignIn(
  services: Services,
  { request, digits, cookie, name }: Confirmation,
): Promise<{ begun: Begun; goOn: string; wrong: Wrong; account: string }> {
  const begun = await find(services, request);
  const { signIn, held, provider } = begun;
  if (signIn.step !== "known" || held.profile === null || !same(held.state, hashToken(cookie))) throw new Refusal("forbidden");
  // Who returns to the page by the same window proves by the code that it is the same browser.
  if (held.returnTo === "" && digits !== held.digits) {
    const tries = held.tries + 1;
    if (!(await move(services, signIn, tries < TRIES ? "known" : "failed", { ...held, tries }))) throw new Refusal("forbidden");
    if (tries >= TRIES) throw new Refusal("forbidden");
    return { begun, goOn: "", wrong: "digits", account: "" };
  }
  const profile = { ...held.profile, name: held.profile.name || name };
  if (profile.name === "") return { begun, goOn: "", wrong: "name", account: "" };
  const account = profile.account ?? (await keepAccount(services, signIn.site, provider, profile)).id;
  const code = newToken(services.randomBytes);
  const done = { ...held, kept: "", profile: null, account, code: hashToken(code) };
  if (!(await move(services, signIn, "confirmed", done))) throw new Refusal("forbidden");
  const { picture } = profile;
  if (picture !== "") services.pictures.copy({ site: signIn.site, account, from: picture });
  return { begun, goOn: held.returnTo && `${held.returnTo}#you-figure-signed-in=${code}`, wrong: "", account };
}

export interface Confirmation {
  request: string;
  digits: string;
  cookie: string;
  /** A checked name, for whom nobody has told one; "" for none that is fit. */
  name: string;
}
/** What of it was wrong, "" for nothing. */
export type Wrong = "" | "digits" | "name";

/** The key is provider, issuer and subject, never the e-mail. */
function keepAccount({ store, newId, now }: Services, site: number, provider: Provider, profile: Profile): Promise<Account> {
  const { name, email, emailVerified, subject } = profile;
  return store.keepAccount(
    { site, id: newId(), provider: provider.id, name, email, emailVerified, createdAt: now() },
    identityOf(provider, subject),
  );
}

/** Under which digest an identity is kept. */
export const identityOf = ({ issuer }: Pick<Provider, "issuer">, subject: string): string => hashToken(JSON.stringify([issuer, subject]));

export type Outcome = { step: "waiting" | "asked" | "failed" } | { step: "done"; token: string };

/** The page asks how far it is. Only who began it, and on the origin where it was begun, gets the token, and once. */
export async function finishSignIn(
  services: Services,
  { request, verifier, code, origin }: { request: string; verifier: string; code: string; origin: string | null },
): Promise<Outcome> {
  const { signIn, held } = await find(services, request);
  if (origin !== held.origin || !same(held.verifier, hashToken(verifier))) throw new Refusal("forbidden");
  if (signIn.step === "failed" || signIn.step === "spent") return { step: "failed" };
  if (signIn.step !== "confirmed") return { step: signIn.step === "known" ? "asked" : "waiting" };
  if (held.returnTo !== "" && !same(held.code, hashToken(code))) throw new Refusal("forbidden");
  if (!(await move(services, signIn, "spent", held))) return { step: "failed" };
  return { step: "done", token: await openReaderSession(services, signIn.site, held.account) };
}

export async function find({ store, now, ways }: Services, request: string): Promise<Begun> {
  const [, site] = /^([1-9]\d{0,8})\.[\w-]{43}$/.exec(request) ?? [];
  const signIn = site === undefined ? null : await store.signIn(Number(site), hashToken(request));
  if (!signIn || signIn.expiresAt <= now()) throw new Refusal("not_found");
  const held = JSON.parse(signIn.held) as Held;
  const provider = (await ways.of(signIn.site)).find(({ id }) => id === held.provider);
  if (!provider) throw new Refusal("not_found");
  return { signIn, held, provider };
}

/** Only one step is possible from where it stood when it was read. */
async function move({ store }: Services, signIn: SignIn, to: SignIn["step"], held: Held): Promise<boolean> {
  const early = signIn.step === "started" || signIn.step === "sent";
  if (to === "sent" && !early) return false;
  return store.moveSignIn({ ...signIn, step: to, held: JSON.stringify(held) }, signIn.step);
}

/** Of the site for which a request or a state was made. */
export const siteOf = (request: string): number => Number(request.split(".", 1)[0]);

export const same = (a: string, b: string) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
