import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";

/** Of each answer. */
const MAX_BYTES = 64_000;

/** For asking servers that any reader may name: short answers, and no port but https's own, so that nobody's ports are tried by us (S-24). */
export const askingBriefly = (services: Services): Services => ({
  ...services,
  outbound: (address, ask) => {
    const { port, host } = new URL(address);
    if (port !== "" && !services.config.outboundAllow.includes(host)) throw new Refusal("not_found");
    return services.outbound(address, { ...ask, maxBytes: MAX_BYTES });
  },
});
