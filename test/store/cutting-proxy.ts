import { connect } from "node:net";
import { relay } from "../relay.ts";

export interface CuttingProxy {
  /** The database's address through the proxy. */
  url: string;
  /** The next connection that sends what contains this breaks once the database has answered it; the answer is lost. */
  loseAnswerTo(text: string): void;
  close(): Promise<void>;
}

/** Stands between a store and its database and takes away what a bad network would. */
export async function cuttingProxy(url: string): Promise<CuttingProxy> {
  const target = new URL(url);
  let fatal: string | null = null;
  const { port, close } = await relay((near) => {
    const far = connect(Number(target.port), target.hostname);
    let doomed = false;
    far.on("data", (chunk) => {
      if (doomed) near.destroy();
      else near.write(chunk);
    });
    near.on("data", (chunk) => {
      if (fatal !== null && chunk.includes(fatal)) {
        doomed = true;
        fatal = null;
      }
      far.write(chunk);
    });
    return far;
  });
  const through = new URL(url);
  through.port = String(port);
  return { url: through.href, loseAnswerTo: (text) => void (fatal = text), close };
}
