/** What a variable of the environment is, and the ways to read one that several share. */
export interface Variable<Key extends string = string> {
  key: Key;
  default: string;
  secret?: true;
  /** The value as it may be printed; default: as it is. */
  show?: (text: string) => string;
  doc: string;
  parse: (text: string) => unknown;
}

/** Its message says what to write instead. */
export class BadValue extends Error {}

/** What we were registered as at a provider. */
export interface Client {
  client: string;
  secret: string;
}

/** The secret may hold any character, the id none of `:`. */
export function parseClient(text: string): Client | null {
  if (text === "") return null;
  const [, client, secret] = /^([^\s:]+):(\S+)$/.exec(text) ?? [];
  if (client === undefined || secret === undefined) throw new BadValue("write the client id, a colon and the secret");
  return { client, secret };
}

export const parseList = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);
