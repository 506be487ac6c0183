/**
 * How long the database has been out of reach. Who comes while it is need not wait as long again as those before did:
 * each is refused when the outage has lasted for as long as the store is patient, but for one try.
 */
export interface Outage {
  /** An answer came. */
  over(): void;
  /** What was asked then got none. */
  since(asked: number): void;
  /** What is left of so many milliseconds. */
  left(patience: number): number;
}

/** Milliseconds that the one try may take. */
const TRY_MS = 500;

export function outage(): Outage {
  let began = Number.POSITIVE_INFINITY;
  return {
    over: () => void (began = Number.POSITIVE_INFINITY),
    since: (asked) => void (began = Math.min(began, asked)),
    left: (patience) => (Number.isFinite(began) ? Math.max(Math.min(TRY_MS, patience), began + patience - performance.now()) : patience),
  };
}
