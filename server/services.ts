/** Everything the product needs from outside itself. Made once in main.ts; tests make their own. */
import type { Challenges } from "./auth/challenges.ts";
import type { Throttle } from "./auth/throttle.ts";
import type { Flood } from "./comments/flood.ts";
import type { Prepared } from "./comments/prepared.ts";
import type { Pictures } from "./comments/pictures.ts";
import type { Rendering } from "./comments/rendering.ts";
import type { PageCounts } from "./comments/page-counts.ts";
import type { SiteDirectory } from "./comments/sites.ts";
import type { Staff } from "./comments/staff.ts";
import type { Config } from "./config.ts";
import type { Keys } from "./keys.ts";
import type { Metrics } from "./metrics.ts";
import type { Provider } from "./auth/provider.ts";
import type { Ways } from "./auth/ways.ts";
import type { Outbound } from "./outbound.ts";
import type { Hub } from "./live/hub.ts";
import type { Carrier } from "./notify/carrier.ts";
import type { Store } from "./store/store.ts";

export interface Services {
  store: Store;
  config: Config;
  /** Milliseconds since 1970 UTC. */
  now: () => number;
  /** A new comment id: UUIDv7 (RFC 9562 5.7), monotonic within this process. */
  newId: () => string;
  /** Cryptographically strong. */
  randomBytes: (size: number) => Buffer;
  log: Log;
  /** Keys derived from SECRET_KEY, one for each purpose. */
  keys: Keys;
  /** Which site a page or an origin belongs to, from memory. */
  sites: SiteDirectory;
  /** Who speaks for them. */
  staff: Staff;
  /** Who posts too fast. */
  flood: Flood;
  /** Draws texts, the long ones in a thread of its own. */
  rendering: Rendering;
  /** Passkeys' challenges under way. */
  challenges: Challenges;
  /** Who guesses at sign-in. */
  throttle: Throttle;
  /** Threads ready to be sent. */
  prepared: Prepared;
  counts: PageCounts;
  /** Null where no monitor may ask. */
  metrics: Metrics | null;
  /** Copies pictures of people. */
  pictures: Pictures;
  /** The only way to other servers. */
  outbound: Outbound;
  /** Where the readers of any site may sign in, unless its owner says otherwise. */
  providers: readonly Provider[];
  /** Where the readers of each site may. */
  ways: Ways;
  /** Tells those who have a page open. */
  live: Hub;
  /** Null where no mail is sent: then all that needs mail is off, and says so. */
  mail: Mail | null;
}

export interface Mail {
  carrier: Carrier;
  /** Letters were written: tells the postman, where one is on duty. */
  stir(): void;
  /** Whether the mail server refused all letters when this one last tried. */
  isDown: boolean;
}

/** One JSON line an event; never an address, e-mail or token. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
