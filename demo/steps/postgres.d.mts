export interface OwnPostgres {
  url: string;
  pid(): number;
  stop(): Promise<void>;
  /** After stop. */
  start(): Promise<void>;
  /** Stops it at once, as a crash would, and starts it on what it left. */
  restart(): Promise<void>;
  end(): Promise<void>;
}
export function beginOwnPostgres(
  env?: Record<string, string | undefined>,
  options?: { folder?: string; durable?: boolean; programs?: string },
): Promise<OwnPostgres>;
