import type { AddressInfo } from "node:net";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer } from "smtp-server";

/** What the mail server did with one letter, in the order of its steps. */
export interface Arrived {
  /** Every RCPT TO. */
  to: string[];
  from: string;
  raw: string;
  mail: Email;
}

/** How it treats the letter at hand: `die` breaks off after the last byte, without an answer; `hang` gives none either, and stays. */
export type Treatment = "take" | "later" | "never" | "refuse" | "greylist" | "die" | "hang";

export interface Sink {
  url: string;
  /** Taken with 250, or read whole before the connection broke. */
  arrived: Arrived[];
  /** Connections so far. */
  connections: number;
  /** That it was shown so far. */
  passwords: string[];
  /** Asked for each letter; default: take. */
  treat: (letter: { to: string; raw: string }) => Treatment;
  close(): Promise<void>;
}

export interface SinkOptions {
  port?: number;
  /** TLS from the first byte, or by STARTTLS, with this certificate. */
  tls?: { how: "smtps" | "starttls"; key: string; cert: string };
  /** Whom it lets in; anyone by default. */
  user?: { name: string; password: string };
}

/** A real SMTP server on this machine, which keeps what it is given. */
export async function openSink({ port = 0, tls, user }: SinkOptions = {}): Promise<Sink> {
  const fail = (code: number, text: string) => Object.assign(new Error(text), { responseCode: code });
  const server = new SMTPServer({
    disabledCommands: [...(user ? [] : ["AUTH"]), ...(tls?.how === "starttls" ? [] : ["STARTTLS"])],
    ...(tls && { secure: tls.how === "smtps", key: tls.key, cert: tls.cert }),
    authOptional: !user,
    // A server that asks for a password in the open: what is held is that it does not get one.
    allowInsecureAuth: true,
    onAuth({ username, password, method }, _, answer) {
      sink.passwords.push(password ?? "");
      if (username === user?.name && password === user?.password) answer(null, { user: method });
      else answer(fail(535, "Who are you?"));
    },
    closeTimeout: 100,
    onConnect: (_, answer) => {
      sink.connections++;
      answer();
    },
    onRcptTo({ address }, _, answer) {
      const treatment = sink.treat({ to: address, raw: "" });
      if (treatment === "greylist") answer(fail(451, "Greylisted, come again"));
      else if (treatment === "refuse") answer(fail(550, "No such mailbox"));
      else answer();
    },
    onData(stream, session, answer) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => void take(Buffer.concat(chunks).toString("utf8"), session, answer));
    },
  });
  const take = async (raw: string, session: import("smtp-server").SMTPServerSession, answer: (error?: Error | null) => void) => {
    const { mailFrom, rcptTo } = session.envelope;
    const to = rcptTo.map(({ address }) => address);
    const treatment = sink.treat({ to: to[0] ?? "", raw });
    if (treatment === "later") return answer(fail(452, "Too busy"));
    if (treatment === "never") return answer(fail(554, "Not wanted"));
    sink.arrived.push({ to, from: mailFrom === false ? "" : mailFrom.address, raw, mail: await PostalMime.parse(raw) });
    if (treatment === "die") for (const connection of server.connections) connection._socket.destroy();
    else if (treatment !== "hang") answer();
  };
  const sink: Sink = {
    url: "",
    arrived: [],
    connections: 0,
    passwords: [],
    treat: () => "take",
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const login = user ? `${user.name}:${user.password}@` : "";
  sink.url = `${tls?.how === "smtps" ? "smtps" : "smtp"}://${login}127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  return sink;
}
