import { signal } from "@preact/signals";
import type { OwnerProfile, Session } from "#wire/panel-owner";
import { ask, type PanelRefusal, refusalOf } from "../api.ts";
import { complain } from "./notice.ts";

/** Who is signed in; null until the server said so. */
export const session = signal<Session | null>(null);
export const unreached = signal<PanelRefusal | null>(null);

export async function loadSession(): Promise<void> {
  try {
    session.value = await ask<Session>("GET", "/session");
    unreached.value = null;
  } catch (error) {
    unreached.value = refusalOf(error);
  }
}

export async function signOut(everywhere: boolean): Promise<void> {
  try {
    session.value = await ask<Session>("POST", everywhere ? "/logout-everywhere" : "/logout");
  } catch (error) {
    const refusal = refusalOf(error);
    if (!noteSignedOut(refusal)) complain(refusal);
  }
}

/** A session that ended shows the door; what was written behind it is kept. Returns whether that was it. */
export function noteSignedOut({ code }: PanelRefusal): boolean {
  if (code !== "unauthorized" || !session.value) return false;
  session.value = { ...session.value, owner: null };
  return true;
}

export function setOwner(owner: OwnerProfile): void {
  if (session.value) session.value = { ...session.value, owner };
}

/** Whether this browser, at this address, can use a passkey of this server. */
export function canUsePasskey(): boolean {
  const host = session.value?.passkeyHost ?? null;
  return host !== null && location.hostname === host && "PublicKeyCredential" in window;
}
