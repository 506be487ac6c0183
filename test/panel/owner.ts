import { makeLink } from "../../server/auth/link.ts";
import { type TestApp, testApp } from "../server/setup.ts";

export const OURS = "https://comments.example";
export const OWNER = { name: "Olga", role: "Owner", email: "olga@blog.example", passphrase: "correct horse battery" };

/** Headers of the panel's own page. */
export const FROM_PANEL = { "x-youfigure": "1", "sec-fetch-site": "same-origin", origin: OURS };

export interface Panel extends TestApp {
  cookie: string;
  /** As the signed-in owner, from the panel's own page; a body is sent with every method but GET. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** The JSON of a success; anything else fails the test with what was said. */
  take<Answer>(method: string, path: string, body?: unknown): Promise<Answer>;
}

export const tokenOf = (link: string): string => link.split("=").pop() as string;

/** `name=value` of the cookie that an answer sets. */
export const cookieOf = (response: Response): string => (response.headers.get("set-cookie") ?? "").split(";")[0] as string;

/** A request to the panel's API as its own page sends it. */
export function askPanel(
  app: TestApp,
  method: string,
  path: string,
  body: unknown = {},
  headers: Record<string, string> = {},
): Promise<Response> {
  if (method === "GET") return app.get(`/api/v1/panel${path}`, { ...FROM_PANEL, ...headers });
  return app.send(method, `/api/v1/panel${path}`, body, { ...FROM_PANEL, ...headers });
}

/** The app with an owner who is signed in. */
export async function panelApp(options: Parameters<typeof testApp>[0] = {}): Promise<Panel> {
  const app = await testApp(options);
  const token = tokenOf(await makeLink(app.services, "setup"));
  const response = await askPanel(app, "POST", "/setup", { ...OWNER, token });
  if (response.status !== 200) throw new Error(await response.text());
  const cookie = cookieOf(response);
  const ask: Panel["ask"] = (method, path, body, headers) => askPanel(app, method, path, body, { cookie, ...headers });
  return {
    ...app,
    cookie,
    ask,
    async take<Answer>(method: string, path: string, body?: unknown) {
      const answer = await ask(method, path, body);
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as Answer;
    },
  };
}
