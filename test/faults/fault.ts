/** What `npm run faults` runs: one fault, injected, and what was seen. */
export interface Fault {
  /** Numbers of reference: R-nn, S-nn. */
  id: string;
  /** What is done to the server. */
  deed: string;
  run(): Promise<Outcome>;
}

export interface Outcome {
  /** What was seen, in one line. */
  seen: string;
  /** What must hold and did not, in words; empty is well. */
  wrong: string[];
}

/** Gathers what did not hold. */
export function bars() {
  const wrong: string[] = [];
  return { wrong, must: (holds: boolean, what: string) => void (holds || wrong.push(what)) };
}

/** The value below which `share` of them lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const ms = (value: number) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
export const mb = (bytes: number) => `${Math.round(bytes / 1_048_576)} MB`;

/** Adds a bar to what was seen. */
export const atMost = (outcome: Outcome, figure: number, limit: number, what: string): Outcome =>
  figure <= limit ? outcome : { ...outcome, wrong: [...outcome.wrong, `${what}: ${ms(figure)}, at most ${ms(limit)}`] };
