/**
 * The seam to whatever carries letters away. When `send` resolves, the other side has taken the letter on; when it rejects
 * with NotSent, it has not, or nobody knows (it may then come twice, under the same Message-ID).
 */
export interface Message {
  /** One address, nothing else. */
  to: string;
  subject: string;
  text: string;
  html: string;
  /** The same however often the letter is sent: `<…@…>`. */
  messageId: string;
  headers: Readonly<Record<string, string>>;
}

export interface Carrier {
  send(message: Message): Promise<void>;
  /** Rejects with NotSent when a letter could not be handed over now. */
  verify(): Promise<void>;
}

/** `never`: this letter is refused for good. `later`: it may pass. `down`: no letter can be sent now. */
export class NotSent extends Error {
  readonly meaning: "never" | "later" | "down";

  constructor(meaning: NotSent["meaning"], said: string) {
    super(said);
    this.meaning = meaning;
  }
}
