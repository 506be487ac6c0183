import type { FormToken } from "#wire/comment";

interface Kept {
  token: string;
  /** On the page's own clock, `performance.now()`. */
  ripeAt: number;
  staleAt: number;
}

/** The form token of one box: fetched when it opens, waited for until it is of age, renewed before it expires. */
export function createFormToken(fetchOne: () => Promise<FormToken>) {
  let kept: Promise<Kept> | undefined;
  const drop = () => {
    kept = undefined;
  };
  const clock = () => performance.now();
  const fetched = (): Promise<Kept> =>
    (kept ??= fetchOne().then(
      ({ token, minAge, expiresIn }) => ({ token, ripeAt: clock() + minAge, staleAt: clock() + expiresIn }),
      (error: unknown) => {
        drop();
        throw error;
      },
    ));
  const ripe = async (): Promise<string> => {
    if (clock() > (await fetched()).staleAt) drop();
    const { token, ripeAt } = await fetched();
    const wait = ripeAt - clock();
    if (wait > 0) await new Promise((done) => setTimeout(done, wait));
    return token;
  };
  return { fetched, ripe, drop };
}
