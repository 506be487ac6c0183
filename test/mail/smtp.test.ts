import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { sendTestLetter } from "../../server/comments/letters.ts";
import { runCommand, startServer } from "../faults/process.ts";
import { place, type Placed } from "../server/place.ts";
import { selfSigned } from "./certificate.ts";
import { FROM, mailing } from "./mailing.ts";
import { openSink, type Sink, type SinkOptions } from "./sink.ts";

const certificate = selfSigned();
const USER = { name: "blog", password: "hunter%202" };

let folder: string;
let placed: Placed;
let sink: Sink;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "youfigure-smtp-"));
  writeFileSync(join(folder, "issuer.pem"), certificate.cert);
  placed = await place();
});
afterEach(async () => {
  await sink.close();
  await placed.remove();
  rmSync(folder, { recursive: true });
});

/** The command in a process of its own, as the trust in certificates is a process's own. */
const options = (env: Record<string, string> = {}) => ({
  database: "",
  env: { ...placed.env, SMTP_URL: sink.url, MAIL_FROM: FROM, ...env },
});
const trusting = () => ({ NODE_EXTRA_CA_CERTS: join(folder, "issuer.pem") });
const doctor = async (env: Record<string, string> = {}) => {
  const { stdout } = await runCommand(["doctor"], options(env));
  return /^ *\S+ +mail +.*(?:\n {7,}.*)*/m.exec(stdout)?.[0] ?? stdout;
};
const open = async (more: SinkOptions) => (sink = await openSink(more));

const WAYS: [string, SinkOptions][] = [
  ["smtps", { tls: { how: "smtps", ...certificate }, user: USER }],
  ["STARTTLS", { tls: { how: "starttls", ...certificate }, user: USER }],
];

describe.each(WAYS)("by %s", (_, way) => {
  it("a letter is handed over with name and password, where the certificate is trusted", async () => {
    await open(way);
    // In its address a password is percent-encoded.
    sink.url = sink.url.replace(USER.password, encodeURIComponent(USER.password));
    expect(await doctor(trusting())).toContain("The mail server takes letters.");
    const writing = await mailing({ sink, config: { smtpUrl: "smtp://127.0.0.1:1", databaseUrl: placed.env["DATABASE_URL"]! } });
    await sendTestLetter(writing.services, "anna@reader.example", "en");
    await writing.close();
    const server = await startServer(options(trusting()));
    await expect.poll(() => sink.arrived.map(({ to }) => to), { timeout: 30_000 }).toEqual([["anna@reader.example"]]);
    server.kill("SIGTERM");
    await server.ended;
    expect(new Set(sink.passwords)).toEqual(new Set([USER.password]));
  });

  it("a certificate that nobody vouches for is refused with what to do, and no password is shown to it", async () => {
    await open(way);
    expect(await doctor()).toMatch(/does not take letters: .*self-signed certificate[^]*NODE_EXTRA_CA_CERTS=FILE/);
    expect(sink.passwords).toEqual([]);
  });

  it("so is the certificate of another server", async () => {
    const other = selfSigned("192.0.2.1");
    writeFileSync(join(folder, "issuer.pem"), other.cert);
    await open({ ...way, tls: { ...way.tls!, ...other } });
    expect(await doctor(trusting())).toMatch(/does not take letters: .*altnames[^]*certificate/i);
    expect(sink.passwords).toEqual([]);
  });

  it("a wrong password is told by the doctor", async () => {
    await open(way);
    sink.url = sink.url.replace(USER.password, "wrong");
    expect(await doctor(trusting())).toMatch(/does not take letters: .*Who are you\?/);
  });
});

test("a password is shown to no server without TLS, whatever it offers", async () => {
  await open({ user: USER });
  sink.url = sink.url.replace(USER.password, encodeURIComponent(USER.password));
  expect(await doctor()).toMatch(/does not take letters/);
  expect(sink.passwords).toEqual([]);
});

test("without a mail server the doctor says so, and what was given up", async () => {
  await open({});
  expect(await doctor()).toContain("The mail server takes letters.");
  const gone = sink.url;
  await sink.close();
  expect(await doctor({ SMTP_URL: gone })).toMatch(/WRONG +mail +The mail server does not take letters: .*ECONNREFUSED/);
  expect(await doctor({ SMTP_URL: "", MAIL_FROM: "" })).toMatch(/note +mail +No letters are sent\.\n +Set SMTP_URL and MAIL_FROM/);
  await open({});
});

test("/readyz tells that the mail server is down, stays ready, and tells when it is back; /metrics counts what waits (R-14)", async () => {
  await open({});
  const mail = await mailing({ sink, config: { metricsToken: "a-monitor-knows-this" } });
  const ready = async () => {
    const response = await mail.get("/readyz");
    return [response.status, await response.json()];
  };
  const gauge = async () => {
    const text = await (await mail.get("/metrics", { authorization: "Bearer a-monitor-knows-this" })).text();
    return ["waiting", "given_up"].map((state) =>
      Number(new RegExp(`^youfigure_letters\\{state="${state}"\\} (\\d+)$`, "m").exec(text)?.[1]),
    );
  };
  expect(await ready()).toEqual([200, { ok: true, mail: "on" }]);
  await sink.close();
  for (const to of ["anna@reader.example", "refused@reader.example"]) await sendTestLetter(mail.services, to, "en");
  await expect(mail.postman.round()).rejects.toThrow(/ECONNREFUSED/);
  expect(await ready()).toEqual([200, { ok: true, mail: "down" }]);
  expect(await gauge()).toEqual([2, 0]);
  sink = await openSink({ port: Number(new URL(sink.url).port) });
  sink.treat = ({ to }) => (to.startsWith("refused") ? "refuse" : "take");
  mail.pass(3 * 60_000);
  while (await mail.postman.round());
  expect(await ready()).toEqual([200, { ok: true, mail: "on" }]);
  expect(await gauge()).toEqual([0, 1]);
  await mail.close();
  const off = await mailing({ sink, config: { smtpUrl: "" } });
  expect(await (await off.get("/readyz")).json()).toEqual({ ok: true, mail: "off" });
  await off.close();
});
