/** Letters by SMTP (RFC 5321), over nodemailer. Loaded with the first letter. */
import type { Transporter } from "nodemailer";
import { type Carrier, type Message, NotSent } from "./carrier.ts";

export interface SmtpOptions {
  /** smtp://user:password@host:port, or smtps:// for TLS from the first byte. */
  url: string;
  /** As `MAIL_FROM` has it, taken apart. */
  from: { name: string; address: string };
  patience?: Partial<typeof PATIENCE>;
}

/** Milliseconds. The whole has an end too, since a server that drips a byte now and then is never silent. */
const PATIENCE = { connect: 10_000, silence: 20_000, whole: 60_000 };

export function smtpCarrier({ url, from, patience }: SmtpOptions): Carrier {
  const { connect, silence, whole } = { ...PATIENCE, ...patience };
  let opened: Promise<Transporter> | undefined;
  const transporter = () =>
    (opened ??= import("nodemailer").then(({ createTransport }) =>
      createTransport({
        ...serverOf(url),
        connectionTimeout: connect,
        greetingTimeout: connect,
        dnsTimeout: connect,
        socketTimeout: silence,
        disableFileAccess: true,
        disableUrlAccess: true,
      }),
    ));
  const within = async (deed: (carrier: Transporter) => Promise<unknown>) => {
    try {
      await inTime(deed(await transporter()), whole);
    } catch (error) {
      throw error instanceof NotSent ? error : new NotSent(meaningOf(error as SmtpError), wordsOf(error as SmtpError));
    }
  };
  return {
    send: (message) => within((carrier) => carrier.sendMail(toNodemailer(message, from))),
    verify: () => within((carrier) => carrier.verify()),
  };
}

function serverOf(url: string) {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === "smtps:";
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port) || (secure ? 465 : 587),
    secure,
    // A password goes only where nobody on the way can have taken STARTTLS out of what the server offers (RFC 8314 4.1).
    requireTLS: !secure && username !== "",
    ...(username && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
  };
}

/** Addresses are given as objects and the envelope apart, so that no text is ever read as a list of addresses. */
const toNodemailer = ({ to, messageId, headers, ...parts }: Message, from: SmtpOptions["from"]) => ({
  ...parts,
  from,
  to: { name: "", address: to },
  envelope: { from: from.address, to: [to] },
  messageId,
  headers: { ...headers },
  disableFileAccess: true,
  disableUrlAccess: true,
});

async function inTime(deed: Promise<unknown>, limit: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NotSent("later", "the mail server takes too long")), limit).unref();
  });
  try {
    await Promise.race([deed, over]);
  } finally {
    clearTimeout(timer);
  }
}

interface SmtpError extends Error {
  code?: string;
  command?: string;
  responseCode?: number;
  response?: string;
}

/** A letter is refused for good only by what the server says of its recipient or its text (RFC 5321 4.2.1); all before is about us. */
function meaningOf({ command = "CONN", responseCode = 0, message }: SmtpError): NotSent["meaning"] {
  // nodemailer says CONN of these too, but there was a connection: it may have been this very letter that broke it.
  if (/^(?:Timeout|Connection closed unexpectedly)$/.test(message) || /ECONNRESET|EPIPE/.test(message)) return "later";
  if (!/^(?:RCPT TO|DATA|API)/.test(command)) return "down";
  return responseCode >= 500 && command !== "API" ? "never" : "later";
}

const wordsOf = ({ response, message }: SmtpError) => (response ?? message).replace(/\s+/g, " ").slice(0, 300);
