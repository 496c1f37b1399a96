import { expect, type Page } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../support/accessibility.ts';
import { openPatient, patientPath, people, type Role, test, type Viewport } from '../support/people.ts';

const phone: Viewport = { width: 390, height: 844 };
const tabs = ['いまの状態', 'タイムライン', 'バイタル', '予定', 'チーム', '基本情報'];
const pages: [Role, string][] = [
  ['care_manager', '/patients'],
  ['care_manager', '/patients/new'],
  ['care_manager', '/work'],
  ['care_manager', '/rooms'],
  ['care_manager', '/announcements'],
  ['care_manager', '/search'],
  ['care_manager', '/approvals'],
  ['care_manager', '/duty-contacts'],
  ['care_manager', `${patientPath}/record-exports`],
  ['care_manager', `${patientPath}/own-entries`],
  ['care_manager', '/settings'],
  ['care_manager', '/settings/notices'],
  ['care_manager', '/settings/security'],
  ['care_manager', '/settings/calendar'],
  ['care_manager', '/appointments'],
  ['care_manager', '/gallery'],
  ['hospital_nurse', '/incoming'],
  ['auditor', '/access-log'],
  ['auditor', '/access-log/trends'],
  ['auditor', '/access-log/export'],
  ['auditor', '/access-log/reports'],
  ['auditor', '/access-log/maintenance'],
  ['administrator', '/people'],
  ['administrator', '/post-templates'],
  ['administrator', '/access-log/maintenance'],
  ['administrator', '/devices'],
];

async function inspect(page: Page): Promise<void> {
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
}

for (const viewport of [undefined, phone]) {
  const device = viewport ? 'a phone' : 'a tablet';

  test(`axe finds nothing on the sign-in page on ${device}`, async ({ device }) => {
    const page = await device(viewport);
    await page.goto('/sign-in');
    await expect(page.getByRole('button', { name: 'サインイン', exact: true })).toBeVisible();
    await inspect(page);
    await page.getByRole('button', { name: 'サインイン', exact: true }).click();
    await inspect(page);
  });

  for (const role of new Set(pages.map(([role]) => role))) {
    test(`axe finds nothing on the pages of ${role} on ${device}`, async ({ signedIn }) => {
      test.setTimeout(180_000);
      const page = await signedIn(role, viewport);
      for (const [, path] of pages.filter(([other]) => other === role)) {
        await page.goto(path);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await inspect(page);
      }
    });
  }

  test(`axe finds nothing on the patient page on ${device}`, async ({ signedIn }) => {
    test.setTimeout(180_000);
    const page = await signedIn('visiting_nurse', viewport);
    await openPatient(page);
    for (const tab of tabs) {
      await page.getByRole('tab', { name: tab }).click();
      await inspect(page);
    }
    await page.getByRole('tab', { name: 'タイムライン' }).click();
    await page.getByRole('button', { name: 'バイタル', exact: true }).click();
    await page.getByRole('button', { name: '確認を依頼する' }).click();
    await inspect(page);
    await page.getByRole('button', { name: '確認を依頼しない' }).click();
    await page.getByRole('button', { name: 'そのほかの項目' }).click();
    await inspect(page);
    await page.getByRole('button', { name: 'バイタルを入力しない' }).click();
  });

  test(`axe finds nothing at night and in large text on ${device}`, async ({ signedIn }) => {
    const page = await signedIn('care_manager', viewport);
    await page.goto('/settings');
    await page.getByText('暗い（夜勤向け）').click();
    await page.getByText('とても大きい').click();
    await inspect(page);
    await page.goto(patientPath);
    await expect(page.getByRole('heading', { level: 1, name: people.patient.name })).toBeVisible();
    await inspect(page);
  });
}
