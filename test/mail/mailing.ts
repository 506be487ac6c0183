import { type Postman, postman, PACE } from "../../server/notify/postman.ts";
import { smtpCarrier, type SmtpOptions } from "../../server/notify/smtp.ts";
import { testApp, type TestApp, type TestOptions } from "../server/setup.ts";
import { type Arrived, openSink, type Sink } from "./sink.ts";

export interface Mailing extends TestApp {
  sink: Sink;
  postman: Postman;
  /** Goes round until nothing is due; what the mail server refuses to talk about is passed over. */
  deliver(): Promise<Arrived[]>;
  /** The letter that came last to this address. */
  last(to: string): Arrived;
}

export const FROM = "Blog <comments@blog.example>";

/**
 * The app with a mail server beside it. Its postman goes round when he is told to. His patience is the product's unless a test
 * is about it: on a busy machine any answer may take a while, and a letter that was given up waiting for comes a minute later.
 */
export async function mailing(options: TestOptions & { sink?: Sink; patience?: SmtpOptions["patience"] } = {}): Promise<Mailing> {
  const sink = options.sink ?? (await openSink());
  const test = await testApp({ ...options, config: { smtpUrl: sink.url, mailFrom: FROM, ...options.config } });
  const from = { name: "Blog", address: "comments@blog.example" };
  const carrier = smtpCarrier({ url: sink.url, from, ...(options.patience && { patience: options.patience }) });
  const own = postman(test.services, carrier, { look: PACE.againAtMost, down: PACE.againAtMost });
  return {
    ...test,
    sink,
    postman: own,
    async deliver() {
      const before = sink.arrived.length;
      while (await own.round());
      return sink.arrived.slice(before);
    },
    last(to) {
      const found = sink.arrived.findLast((one) => one.to[0] === to);
      if (!found) throw new Error(`Nothing came to ${to}`);
      return found;
    },
    async close() {
      await own.stop();
      await test.close();
      if (!options.sink) await sink.close();
    },
  };
}

/** Addresses of a letter, as a mail program would find them. */
export const linksOf = ({ mail }: Arrived): string[] =>
  [...(mail.html ?? "").matchAll(/href="([^"]*)"/g)].map(([, href = ""]) => href.replaceAll("&amp;", "&"));

export const pathOf = (link: string): string => link.replace("https://comments.example", "");
