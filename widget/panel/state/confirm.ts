import { signal } from "@preact/signals";
import type { QueueItem } from "#wire/panel-comments";
import { empty, purge } from "./act.ts";
import { t } from "./words.ts";

export interface Question {
  text: string;
  /** On the button: what will happen. */
  yes: string;
  act: () => void;
}

/** What can't be taken back is asked first. */
export const question = signal<Question | null>(null);

export function askPurge(chosen: readonly QueueItem[]): void {
  if (chosen.length === 0) return;
  question.value = { text: t("purgeSure", { n: chosen.length }), yes: t("purge"), act: () => purge(chosen) };
}

export function askEmpty(status: "spam" | "trash", site: number | null): void {
  question.value = { text: t("emptySure"), yes: t("purge"), act: () => void empty(status, site) };
}
