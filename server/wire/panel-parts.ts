import * as v from "valibot";

/** At most so many UTF-16 units; what a field may really hold is looked at where it is read. */
export const text = (max: number) => v.pipe(v.string(), v.maxLength(max));
/** A site or page as a query writes it. */
export const number = v.pipe(v.string(), v.regex(/^[1-9]\d{0,8}$/), v.transform(Number));
