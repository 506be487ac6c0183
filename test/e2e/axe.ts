import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect } from "vitest";

/** WCAG 2.2 A and AA, and what axe knows besides. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Expects axe to find nothing, within `where` if given; says what and where otherwise. */
export async function expectAccessible(page: Page, where?: string): Promise<void> {
  const axe = new AxeBuilder({ page }).withTags(TAGS);
  const { violations, passes } = await (where === undefined ? axe : axe.include(where)).analyze();
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target, any }) => `${target.join(" ")} ${any[0]?.message ?? ""}`).join("; ")}`,
  );
  expect(found, page.url()).toEqual([]);
  // An empty page has no faults either.
  expect(passes.length).toBeGreaterThan(5);
}

/** For the head of a page: says what browsers do without it, since axe takes a page without a colour for white, also in the dark. */
export const CANVAS = "<style>body{background:Canvas;color:CanvasText}</style>";
