import { expect } from '@playwright/test';
import { entries } from '../support/access-log.ts';
import { openPatient, patient, patientPath, people, test } from '../support/people.ts';

test('a member of the team sees why the record is open', async ({ signedIn }) => {
  const page = await signedIn('care_manager');
  await openPatient(page);
  await page.locator('main header').getByRole('button', { name: 'その他の操作' }).click();
  await page.getByRole('menuitem', { name: 'なぜ見られるのか' }).click();
  await page.getByRole('button', { name: '確かめる' }).click();
  await expect(page.getByText('許可されます', { exact: true })).toBeVisible();
  // Only administrators and auditors ask about others.
  await expect(page.getByText('ほかの職員')).toHaveCount(0);
});

test('the auditor opens the reason of one refusal from the log', async ({ signedIn }) => {
  const outsider = await signedIn('outsider');
  await outsider.goto(patientPath);
  await expect(outsider.getByRole('alert')).toBeVisible();

  const auditor = await signedIn('auditor');
  await auditor.getByRole('button', { name: '拒否のみ' }).click();
  const entry = entries(auditor).filter({ hasText: people.outsider.name }).first();
  await entry.getByRole('link', { name: 'なぜ拒否されたのか' }).click();
  await expect(auditor.getByText('許可されませんでした')).toBeVisible();
  await expect(auditor.getByRole('heading', { name: '理由' })).toBeVisible();
});

test('the auditor asks why somebody may not see the patient, and what would change it', async ({ signedIn }) => {
  const auditor = await signedIn('auditor');
  await auditor.getByRole('link', { name: '根拠' }).click();
  await expect(auditor.getByRole('heading', { level: 1, name: 'なぜ見られる／見られないのか' })).toBeVisible();
  await auditor.getByLabel('職員').fill(people.outsider.name);
  await auditor.getByRole('button', { name: people.outsider.name }).click();
  await auditor.getByLabel('患者').fill(patient.id);
  await auditor.getByRole('button', { name: patient.id }).click();
  await auditor.getByRole('button', { name: '確かめる' }).click();
  await expect(auditor.getByText('許可されません', { exact: true })).toBeVisible();
  await expect(auditor.getByRole('heading', { name: '変えるには' })).toBeVisible();
});
