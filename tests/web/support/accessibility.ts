import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Of long lists the first entries stand for the rest: the same component makes them all, and each costs time. */
const ALIKE = ['tbody tr:nth-child(n + 6)', 'main li:nth-child(n + 12)', 'article:nth-of-type(n + 6)'];

/** Nothing that the rules of WCAG 2.2 AA can find by machine. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.waitForTimeout(400);
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  // What was found to be in order is not written up: that is most of the time it takes.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).withTags(tags);
  for (const entries of ALIKE) axe.exclude(entries);
  const { violations } = await axe.analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 140)).join(' | ')}`);
  expect(found).toEqual([]);
}

export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(excess).toBeLessThanOrEqual(0);
}
