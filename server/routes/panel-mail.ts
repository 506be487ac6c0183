import { Hono } from "hono";
import { sendTestLetter } from "../comments/letters.ts";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import { MailState, RetryRequest } from "../wire/panel-mail.ts";
import { Nothing } from "../wire/panel-owner.ts";
import type { Endpoint } from "./endpoint.ts";
import type { PanelEnv } from "./panel-sign-in.ts";
import { readJson } from "./request.ts";
import { languageFor } from "../locale/format.ts";

const base = "/api/v1/panel/mail";
const state = { 200: { description: "As it is now.", schema: MailState } };
export const panelMailEndpoints: Endpoint[] = [
  { method: "get", path: base, summary: "Whether mail is sent, and which letters were given up.", auth: "owner", answers: state },
  {
    method: "post",
    path: `${base}/retry`,
    summary: "Try letters again that were given up.",
    auth: "owner",
    body: RetryRequest,
    answers: state,
  },
  {
    method: "post",
    path: `${base}/test`,
    summary: "Send a test letter to the owner's own address.",
    auth: "owner",
    body: Nothing,
    answers: state,
  },
];

/** Letters shown at once. */
const SHOWN = 50;

export function panelMailRoutes(services: Services): Hono<PanelEnv> {
  const app = new Hono<PanelEnv>();
  const { store } = services;
  const describe = async (): Promise<MailState> => ({
    on: services.mail !== null,
    waiting: (await store.letterCounts()).waiting,
    givenUp: (await store.lettersGivenUp(SHOWN)).map(({ site, key, kind, to, error, createdAt }) => ({
      site,
      key,
      kind,
      to,
      error,
      at: new Date(createdAt).toISOString(),
    })),
  });

  app.get("/mail", async (c) => c.json(await describe()));
  app.post("/mail/retry", async (c) => {
    const { site, key } = await readJson(c, RetryRequest);
    await store.retryLetters(site === undefined || key === undefined ? null : { site, key });
    services.mail?.stir();
    return c.json(await describe());
  });
  app.post("/mail/test", async (c) => {
    await readJson(c, Nothing);
    const { email } = c.get("signedIn").owner;
    if (email === "") throw new Refusal("invalid", { fields: { email: "required" } });
    await sendTestLetter(services, email, languageFor(c.req.header("accept-language")));
    return c.json(await describe());
  });
  return app;
}
