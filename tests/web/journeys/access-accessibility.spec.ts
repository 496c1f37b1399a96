import { expect } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../support/accessibility.ts';
import { patientWithAccount } from '../support/patients.ts';
import { patientPath, people, type Role, signInWithCode, test, type Viewport } from '../support/people.ts';
import { callAs } from '../support/server.ts';

const phone: Viewport = { width: 390, height: 844 };
const pages: [Role, string][] = [
  ['administrator', '/people/facilities'],
  ['administrator', '/people/invite'],
  ['administrator', '/people/import'],
  ['administrator', '/people/invitations'],
  ['administrator', '/people/professions'],
  ['administrator', '/access-rules'],
  ['administrator', '/emergency'],
  ['administrator', '/findings/watched'],
  ['administrator', '/log-proof/witnesses'],
  ['administrator', '/log-proof/watched'],
  ['administrator', '/safekeeping/withholdings'],
  ['administrator', '/settings'],
  ['auditor', '/explain'],
  ['auditor', '/findings'],
  ['auditor', '/findings/new'],
  ['auditor', '/findings/rules'],
  ['auditor', '/findings/watched'],
  ['auditor', '/log-proof'],
  ['auditor', '/safekeeping'],
  ['auditor', '/safekeeping/incident'],
  ['care_manager', '/justifications'],
  ['care_manager', '/substitutions'],
  ['care_manager', '/cards'],
  ['care_manager', `${patientPath}/consents`],
  ['care_manager', `${patientPath}/consents/new`],
  ['care_manager', `${patientPath}/provisions`],
  ['care_manager', `${patientPath}/relatives`],
  ['care_manager', `${patientPath}/card`],
  ['care_manager', `${patientPath}/explain`],
  ['visiting_nurse', '/emergency'],
];

for (const viewport of [undefined, phone]) {
  const device = viewport ? 'a phone' : 'a tablet';
  for (const role of new Set(pages.map(([role]) => role))) {
    test(`axe finds nothing on the pages of access for ${role} on ${device}`, async ({ signedIn }) => {
      test.setTimeout(120_000);
      const page = await signedIn(role, viewport);
      for (const [, path] of pages.filter(([other]) => other === role)) {
        await page.goto(path);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await expectAccessible(page);
        await expectNoSidewaysScroll(page);
      }
    });
  }

  test(`axe finds nothing on the page of who has looked, as the patient sees it, on ${device}`, async ({ device }) => {
    test.setTimeout(120_000);
    const { id, account } = await patientWithAccount('秋山 はる');
    const manager = await callAs(people.care_manager, 'TREAT');
    await manager.get(`/v1/patients/${id}`);
    const page = await device(viewport);
    await signInWithCode(page, account);
    await page.goto('/accesses');
    await expect(page.locator('[data-visit]').first()).toBeVisible();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
  });
}
