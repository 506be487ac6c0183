import { signal } from "@preact/signals";
import type { PanelRefusal } from "../api.ts";
import { t } from "./words.ts";

export interface Notice {
  text: string;
  /** An error stays until it is closed. */
  error: boolean;
  /** Takes back what the notice speaks of. */
  undo?: () => void;
}

/** What was done last, or what went wrong: one bar, said to screen readers too. */
export const notice = signal<Notice | null>(null);

export const say = (text: string, undo?: () => void): void => void (notice.value = { text, error: false, ...(undo && { undo }) });

export const complain = (refusal: PanelRefusal): void => void (notice.value = { text: t("failed", { why: whyOf(refusal) }), error: true });

export const whyOf = ({ code, retryAfter }: PanelRefusal): string => t(`error_${code}`, { n: Math.max(1, retryAfter) });
