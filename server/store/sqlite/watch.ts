import { type Connection, isLocked } from "./connection.ts";

/** Milliseconds within which a write of another process is noticed. */
const EVERY = 250;

/** Calls back when another process has written: `PRAGMA data_version` of the writing connection changes for no other reason. */
export function foreignWrites(connection: Connection, changed: () => void): { check(): void; stop(): void } {
  // Asked before each commit: as a statement it is prepared once.
  const version = () => connection.value("pragma data_version");
  let seen = version();
  const check = () => {
    const now = version();
    if (now === seen) return;
    seen = now;
    changed();
  };
  const look = () => {
    try {
      check();
    } catch (error) {
      // Locked: it will be seen the next time. Else nobody can tell what is still true.
      if (!isLocked(error)) changed();
    }
  };
  const timer = setInterval(look, EVERY);
  timer.unref();
  return { check, stop: () => clearInterval(timer) };
}
