import type { Profile, Provider } from "../../server/auth/provider.ts";
import { siteWays } from "../../server/auth/ways.ts";
import type { TestApp } from "../server/setup.ts";
import { backFrom } from "./listening.ts";
import { openWindow, type Window } from "./window.ts";

/** Lets readers sign in with these, and tells who they were said to be. */
export function offer(it: TestApp, providers: readonly Provider[]): Profile[] {
  const told: Profile[] = [];
  const telling = providers.map((provider): Provider => ({
    ...provider,
    async answer(...came) {
      const profile = await provider.answer(...came);
      told.push(profile);
      return profile;
    },
  }));
  it.services.providers = telling;
  it.services.ways = siteWays(it.services);
  return told;
}

/** The whole of it, from the click to the token: what the reader is told at the end. */
export async function signIn(it: TestApp, provider: string, go = (window: Window) => backFrom(window.went)): Promise<string> {
  const window = await openWindow(it, provider);
  if (window.went === "") return "did not go";
  const page = await window.ask(await go(window));
  if (page.status !== 200) return `refused with ${page.status}: ${(await window.finish()).step}`;
  await window.confirm();
  const { step, reader } = await window.finish();
  return `${step}: ${reader?.name} (${reader?.way})`;
}

/** What the log says of sign-ins that failed. */
export const failures = (it: TestApp) => it.lines.filter(({ message }) => message === "a sign-in failed").map(({ fields }) => fields);
