import { expect } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../support/accessibility.ts';
import { test, type Viewport } from '../support/people.ts';

const phone: Viewport = { width: 390, height: 844 };
const open = ['/enrol', '/enrol#network.secret', '/devices/enrol', '/mailbox', '/lock'];

for (const viewport of [undefined, phone]) {
  const kind = viewport ? 'a phone' : 'a tablet';

  test(`axe finds nothing on the pages without a session on ${kind}`, async ({ device }) => {
    for (const path of open) {
      const page = await device(viewport);
      await page.goto(path);
      await expect(page.getByRole('heading').first()).toBeVisible();
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
    }
  });
}
