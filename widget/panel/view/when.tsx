import type { VNode } from "preact";
import { ago, fullTime } from "../state/time.ts";

/** A time, short to read, complete on demand. */
export const When = ({ at }: { at: string }): VNode => (
  <time dateTime={at} title={fullTime(at)}>
    {ago(at)}
  </time>
);
