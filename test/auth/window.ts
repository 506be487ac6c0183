import { ORIGIN, PAGE, type TestApp } from "../server/setup.ts";

const VERIFIER = "v".repeat(43);

export interface Window {
  request: string;
  digits: string;
  /** What /auth/go led to. */
  went: string;
  /** As the window asks our own server: with its cookies, which it keeps. */
  ask(path: string, form?: Record<string, string>): Promise<Response>;
  /** Writes where the reader is at home; the address to which the window goes on. */
  say(said: string): Promise<string>;
  /** Presses the button “Continue as …”; `name` for whom the provider gives none. */
  confirm(name?: string): Promise<Response>;
  /** As the page with the comments asks. */
  finish(): Promise<{ step: string; token?: string; reader?: { name: string; way: string; email: boolean } }>;
}

/** A sign-in as a browser plays it: the page with the comments, and the window. `on`: who answers the window. */
export async function openWindow(it: TestApp, provider: string, on: TestApp = it): Promise<Window> {
  const started = await it.send("POST", "/api/v1/auth/start", { url: PAGE, provider, verifier: VERIFIER });
  const { request, digits, go } = (await started.json()) as { request: string; digits: string; go: string };
  const cookies = new Map<string, string>();
  const ask: Window["ask"] = async (path, form) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await on.app.request(path, {
      headers: { cookie, ...(form && { "content-type": "application/x-www-form-urlencoded" }) },
      ...(form && { method: "POST", body: new URLSearchParams(form).toString() }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    return response;
  };
  const went = (await ask(new URL(go).pathname)).headers.get("location") ?? "";
  return {
    request,
    digits,
    went,
    ask,
    async say(said) {
      const html = await (await ask(`/auth/ask/${provider}`, { said })).text();
      const address = /<meta http-equiv="refresh" content="0;url=([^"]*)">/.exec(html)?.[1] ?? "";
      return address.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
    },
    confirm: (name = "") => ask("/auth/confirm", { request, digits, name }),
    async finish() {
      const answer = await it.send("POST", "/api/v1/auth/finish", { request, verifier: VERIFIER }, { origin: ORIGIN });
      return (await answer.json()) as Awaited<ReturnType<Window["finish"]>>;
    },
  };
}
