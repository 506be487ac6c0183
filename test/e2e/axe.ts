import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect } from "vitest";

/** WCAG 2.2 A and AA, and what axe knows besides. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What depends on colours alone: enough for a second look at a page in the other scheme. */
const COLOURS = ["color-contrast", "link-in-text-block"];

/** Expects axe to find nothing, within `where` if given; says what and where otherwise. */
export async function expectAccessible(page: Page, where?: string): Promise<void> {
  // An empty page has no faults either.
  expect(await passesOf(new AxeBuilder({ page }).withTags(TAGS), page, where)).toBeGreaterThan(5);
}

/** The same for the colours of a page that was looked at in another scheme before. */
export async function expectLegible(page: Page, where?: string): Promise<void> {
  expect(await passesOf(new AxeBuilder({ page }).withRules(COLOURS), page, where)).toBeGreaterThan(0);
}

async function passesOf(axe: AxeBuilder, page: Page, where: string | undefined): Promise<number> {
  const { violations, passes } = await (where === undefined ? axe : axe.include(where)).analyze();
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target, any }) => `${target.join(" ")} ${any[0]?.message ?? ""}`).join("; ")}`,
  );
  expect(found, page.url()).toEqual([]);
  return passes.length;
}

/** For the head of a page: says what browsers do without it, since axe takes a page without a colour for white, also in the dark. */
export const CANVAS = "<style>body{background:Canvas;color:CanvasText}</style>";
