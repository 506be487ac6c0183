import type { Credential, PasskeyOptions } from "#wire/panel-owner";
import { ask } from "../api.ts";

/** The browser gave no passkey: the person said no, or there is none. */
export class NoPasskey extends Error {}

/** Has the browser make a passkey for the options that the server gives there. The library is loaded at first use. */
export async function makePasskey(path: string, body: object): Promise<Credential> {
  const { options } = await ask<PasskeyOptions>("POST", path, body);
  const { startRegistration } = await import("@simplewebauthn/browser");
  return given(() => startRegistration({ optionsJSON: options as never }));
}

export async function usePasskey(): Promise<Credential> {
  const { options } = await ask<PasskeyOptions>("POST", "/login/options");
  const { startAuthentication } = await import("@simplewebauthn/browser");
  return given(() => startAuthentication({ optionsJSON: options as never }));
}

async function given(act: () => Promise<object>): Promise<Credential> {
  try {
    return (await act()) as Credential;
  } catch (error) {
    // DOMExceptions (WebAuthn 5.1.3, 5.1.4.2) and the library's own; what they say differs by browser.
    if (error instanceof Error || error instanceof DOMException) throw new NoPasskey(error.message, { cause: error });
    throw error;
  }
}
