import { pino } from "pino";
import type { Log } from "./services.ts";

/** JSON lines on standard output, gathered for at most a moment so that no request waits for them. */
export function jsonLog(level: "info" | "warn" | "silent" = "info"): Log & { flush(): void } {
  const destination = pino.destination({ dest: 1, sync: false, minLength: 4096 });
  const logger = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    destination,
  );
  const timer = setInterval(() => destination.flush(), 250).unref();
  return {
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    flush() {
      clearInterval(timer);
      destination.flushSync();
    },
  };
}
