import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Checks the page with axe and for horizontal overflow. Soft assertions, so the test continues after a failure. */
export async function expectAccessible(page: Page, name: string, exceptRules: string[] = []): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).disableRules(exceptRules).analyze();
  const issues = violations.flatMap(({ id, nodes }) => nodes.map(({ target, html }) => `${id}: ${target} ${html}`));
  expect.soft(issues, `accessibility of ${name}`).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect.soft(overflow, `horizontal overflow of ${name}`).toBeLessThanOrEqual(0);
}
