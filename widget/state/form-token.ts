import { type Fields, number, text } from "../shapes.ts";

interface Kept {
  token: string;
  /** On the page's own clock, `performance.now()`. */
  ripeAt: number;
  staleAt: number;
}

/** The form token of one box: fetched when it opens, waited for until it is of age, renewed before it expires. */
export function createFormToken(fetchOne: () => Promise<Fields>) {
  let kept: Promise<Kept> | undefined;
  const drop = () => {
    kept = undefined;
  };
  const clock = () => performance.now();
  const fetched = (): Promise<Kept> =>
    (kept ??= fetchOne().then(
      ({ token, minAge, expiresIn }) => ({ token: text(token), ripeAt: clock() + number(minAge), staleAt: clock() + number(expiresIn) }),
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
