import type { TestApp } from "../server/setup.ts";
import { openWindow, type Window } from "./window.ts";

/** What a sign-in ends with, when all is as it should be. */
export const ANNA = "done: Anna Figure (Mastodon)";

/** The button on the server's own page; the way back to us. */
export async function authorize(address: string): Promise<string> {
  const answer = await fetch(address, { method: "POST", redirect: "manual" });
  const back = new URL(answer.headers.get("location") ?? "http://nowhere.example/");
  return back.pathname + back.search;
}

/** From the first click to the account, and how it went. */
export async function signIn(it: TestApp, said: string, window?: Window): Promise<string> {
  const at = window ?? (await openWindow(it, "mastodon"));
  const page = await at.ask(await authorize(await at.say(said)));
  if (page.status !== 200) return `refused with ${page.status}`;
  await at.confirm();
  const { step, reader } = await at.finish();
  return `${step}: ${reader?.name} (${reader?.way})`;
}
