import { afterEach, beforeEach, expect, it } from "vitest";
import type { MailState } from "../../server/wire/panel-mail.ts";
import { postman } from "../../server/notify/postman.ts";
import { openSink, type Sink } from "../mail/sink.ts";
import { OWNER, type Panel, panelApp } from "./owner.ts";

let sink: Sink;
let panel: Panel;
beforeEach(async () => {
  sink = await openSink();
  panel = await panelApp({ config: { smtpUrl: sink.url, mailFrom: "comments@blog.example" } });
});
afterEach(async () => {
  await panel.close();
  await sink.close();
});

it("the owner sends a test letter, sees why it was given up, and has it tried again", async () => {
  const carrying = postman(panel.services, panel.services.mail!.carrier, { look: 3_600_000 });
  sink.treat = () => "refuse";
  expect(await panel.take<MailState>("POST", "/mail/test", {})).toMatchObject({ on: true, waiting: 1, givenUp: [] });
  await carrying.round();
  const { givenUp } = await panel.take<MailState>("GET", "/mail");
  expect(givenUp).toMatchObject([{ to: OWNER.email, kind: "test", error: expect.stringContaining("No such mailbox") as unknown }]);
  sink.treat = () => "take";
  const { site, key } = givenUp[0]!;
  expect(await panel.take<MailState>("POST", "/mail/retry", { site, key })).toMatchObject({ waiting: 1, givenUp: [] });
  await carrying.round();
  await carrying.stop();
  expect(sink.arrived.map(({ to }) => to)).toEqual([[OWNER.email]]);
});

it("the owner hears of a comment that waits, with a link to the panel that changes nothing by being opened", async () => {
  const carrying = postman(panel.services, panel.services.mail!.carrier, { look: 3_600_000 });
  await panel.post({ body: "one https://a.example two https://b.example" });
  await carrying.round();
  await carrying.stop();
  expect(sink.arrived).toHaveLength(1);
  const [{ mail }] = sink.arrived as [(typeof sink.arrived)[number]];
  expect(mail.subject).toBe("Waiting for you: Anna on this page");
  const [, link = ""] = /href="https:\/\/comments\.example([^"]*)"/.exec(mail.html ?? "") ?? [];
  expect(link).toBe(`/panel#/held?site=${panel.site.id}`);
  await panel.get(link);
  expect((await panel.services.store.queueCounts()).held).toBe(1);
});
