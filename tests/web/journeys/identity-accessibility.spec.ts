import { expect } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../support/accessibility.ts';
import { type Role, test, type Viewport } from '../support/people.ts';

const phone: Viewport = { width: 390, height: 844 };
const open = ['/enrol', '/enrol#network.secret', '/devices/enrol', '/mailbox', '/lock'];
const pages: [Role, string][] = [
  ['care_manager', '/settings/security'],
  ['administrator', '/devices'],
];

for (const viewport of [undefined, phone]) {
  const kind = viewport ? 'a phone' : 'a tablet';

  for (const path of open) {
    test(`axe finds nothing on ${path} on ${kind}`, async ({ device }) => {
      const page = await device(viewport);
      await page.goto(path);
      await expect(page.getByRole('heading').first()).toBeVisible();
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
    });
  }

  for (const [role, path] of pages) {
    test(`axe finds nothing on ${path} on ${kind}`, async ({ signedIn }) => {
      const page = await signedIn(role, viewport);
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
    });
  }
}
