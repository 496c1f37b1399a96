import { expect } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../support/accessibility.ts';
import { patientPath, type Role, test, type Viewport } from '../support/people.ts';

const phone: Viewport = { width: 390, height: 844 };
const pages: [Role, string][] = [
  ['administrator', '/people/facilities'],
  ['administrator', '/people/invite'],
  ['administrator', '/people/import'],
  ['administrator', '/people/invitations'],
  ['administrator', '/people/professions'],
  ['administrator', '/access-rules'],
  ['administrator', '/emergency'],
  ['administrator', '/log-proof/witnesses'],
  ['administrator', '/log-proof/watched'],
  ['administrator', '/safekeeping/withholdings'],
  ['administrator', '/settings'],
  ['auditor', '/explain'],
  ['auditor', '/findings'],
  ['auditor', '/findings/new'],
  ['auditor', '/findings/rules'],
  ['auditor', '/findings/watched'],
  ['administrator', '/findings/watched'],
  ['care_manager', '/justifications'],
  ['auditor', '/log-proof'],
  ['auditor', '/safekeeping'],
  ['auditor', '/safekeeping/incident'],
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
}
