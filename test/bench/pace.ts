export interface Pace {
  perSecond: number;
  /** Microseconds of this process's processor time for each, user and system. */
  cpu: number;
}

/** How fast so many deeds are done in one go. */
export function paceOf(amount: number, deeds: () => void): Pace {
  const end = beginPace(amount);
  deeds();
  return end();
}

export function beginPace(amount: number): () => Pace {
  const spent = process.cpuUsage();
  const began = performance.now();
  return () => {
    const took = performance.now() - began;
    const { user, system } = process.cpuUsage(spent);
    return { perSecond: amount / (took / 1_000), cpu: (user + system) / amount };
  };
}
