import { expect } from '@playwright/test';
import { condition, entries, pick } from '../support/access-log.ts';
import { openPatient, patient, patientPath, people, test } from '../support/people.ts';

test('an outsider sees nothing of the patient', async ({ signedIn }) => {
  const outsider = await signedIn('outsider');
  await outsider.goto('/patients');
  await expect(outsider.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(outsider.getByText(patient.name)).toHaveCount(0);
  await outsider.goto(patientPath);
  await expect(outsider.getByRole('alert')).toContainText('見つかりません');
  await expect(outsider.getByText(patient.name)).toHaveCount(0);
});

test('the auditor finds who looked, and why it was allowed or refused', async ({ signedIn }) => {
  const manager = await signedIn('care_manager');
  await openPatient(manager);
  const outsider = await signedIn('outsider');
  await outsider.goto(patientPath);
  await expect(outsider.getByRole('alert')).toBeVisible();

  const auditor = await signedIn('auditor');
  await expect(auditor).toHaveURL(/access-log/);
  await pick(auditor, '職員', people.outsider.name);
  const refused = entries(auditor).filter({ hasText: '患者の基本情報を表示' }).filter({ hasText: '根拠：関わりの登録なし' });
  await expect(refused.first()).toBeVisible();

  await pick(auditor, '職員', people.care_manager.name);
  const looked = entries(auditor).filter({ hasText: 'タイムラインを表示' }).filter({ hasText: patient.name }).first();
  await expect(looked).toContainText('根拠：ケアチームの一員');
  await looked.getByRole('link', { name: patient.name }).click();
  await expect(condition(auditor, `患者：${patient.name}`)).toBeVisible();
});

test('the title of the page never names the patient', async ({ signedIn }) => {
  const manager = await signedIn('care_manager');
  await openPatient(manager);
  expect(await manager.title()).not.toContain(patient.name);
});
