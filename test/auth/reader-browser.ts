import { ORIGIN, PAGE, type TestApp } from "../server/setup.ts";

/** A reader's browser: it keeps the cookie of its window, and posts the forms that it is shown. */
export interface Browser {
  get(path: string): Promise<Shown>;
  post(path: string, fields: Record<string, string>): Promise<Shown>;
  /** The same browser, led to another server. */
  at(test: Pick<TestApp, "app">): Browser;
}
export interface Shown {
  status: number;
  html: string;
  /** Where it is sent on to, "" where it is not. */
  location: string;
}

export function browser(test: Pick<TestApp, "app">, headers: Record<string, string> = {}, jar = { cookie: "" }): Browser {
  const ask = async (path: string, init: RequestInit = {}): Promise<Shown> => {
    const sent = { ...headers, ...jar, ...(init.headers as Record<string, string>) };
    const answer = await test.app.request(path.replace("https://comments.example", ""), { ...init, headers: sent });
    jar.cookie = /^([^;]+)/.exec(answer.headers.get("set-cookie") ?? "")?.[1] ?? jar.cookie;
    return { status: answer.status, html: await answer.text(), location: answer.headers.get("location") ?? "" };
  };
  return {
    at: (other) => browser(other, headers, jar),
    get: (path) => ask(path),
    post: (path, fields) =>
      ask(path, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams(fields).toString(),
      }),
  };
}

const VERIFIER = "v".repeat(43);

export interface Begun {
  request: string;
  go: string;
  digits: string;
}

/** The box begins to sign in, as whoever holds the verifier. */
export async function begin(test: Pick<TestApp, "send">, provider: string, { url = PAGE, lang = "en" } = {}): Promise<Begun> {
  const answer = await test.send(
    "POST",
    "/api/v1/auth/start",
    { url, provider, verifier: VERIFIER, lang },
    { origin: new URL(url).origin },
  );
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Begun;
}

export interface Finished {
  step: string;
  token?: string;
  reader?: { name: string; way: string; email: boolean };
}

/** And asks how far it is. */
export async function finish(test: Pick<TestApp, "send">, request: string): Promise<Finished> {
  const answer = await test.send("POST", "/api/v1/auth/finish", { request, verifier: VERIFIER }, { origin: ORIGIN });
  return answer.ok ? ((await answer.json()) as Finished) : { step: String(answer.status) };
}

/** As an owner switches it on for the site. */
export async function usePasskeys({ services }: Pick<TestApp, "services">, site: number): Promise<void> {
  const way = { site, id: "passkey", kind: "", label: "", issuer: "", client: "", secret: "", on: true, place: 9 };
  await services.store.addWay(way, { id: services.newId(), at: services.now(), by: "test", action: "site" });
}
