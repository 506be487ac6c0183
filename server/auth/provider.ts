/**
 * The seam to those who know a reader. A sign-in begins with one of them and is answered by it; in between the reader is in its
 * hands, or on a page of ours that asks on its behalf. It answers for one subject for ever; names, pictures and e-mails are only
 * what it says today.
 */
import type { Services } from "../services.ts";

export interface Provider {
  /** Part of its redirect address and of every identity: never changed. */
  id: string;
  /** As readers see it: “Connecting to LABEL”. */
  label: string;
  /** As in the wire's Way. */
  icon?: string;
  /** Within it a subject is never another person's: with the id part of every identity, never changed. */
  issuer: string;
  /** Refusal `not_found` when what the reader said leads nowhere; rejects with anything else when nobody can be asked. */
  begin(services: Services, asked: Asked): Promise<Onward>;
  /** Who came back. What it was given to find out ends with this call. Rejects with whatever does not fit, a wrong state first of all. */
  answer(services: Services, came: Came): Promise<Profile>;
}

export interface Asked {
  /** Our own address for this provider's answer: no other provider's answer is taken there. */
  redirectUri: string;
  /** Of the browser that is sent on: whose answer carries it, or another that `kept` holds, is the one that was sent. */
  state: string;
  /** What the reader wrote on a page of ours that asks for this provider, "" where it did not yet. */
  said: string;
}

export interface Onward {
  /** Where the reader goes next: to the provider, or to a page of ours. */
  address: string;
  /** Handed back with the answer; nobody else is told. */
  kept: string;
}

export interface Came {
  redirectUri: string;
  state: string;
  kept: string;
  /** What came with the reader: the query of our address, or what a page of ours found. The cookie was looked at, nothing of this. */
  params: URLSearchParams;
}

/** Who somebody is, as the provider says. */
export interface Profile {
  /** Never reused for another person within the issuer. */
  subject: string;
  name: string;
  /** "" where the provider gives none, which is usual. */
  email: string;
  /** Whether the provider vouches that the e-mail reaches this person. */
  emailVerified: boolean;
  /** Where a picture of them can be fetched once, by https; "" for none. Never shown from there. */
  picture: string;
  /** As they are known there, without an @; "" for none. It may be another person's one day. */
  handle: string;
  /** Of their page there, http(s); "" for none. */
  url: string;
  /** Where it is known already: the account that it is, whatever the subject. */
  account?: string;
}
