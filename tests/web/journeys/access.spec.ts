import { expect, type Page } from '@playwright/test';
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
  await choosePerson(auditor, people.outsider.name);
  const entries = auditor.getByRole('listitem');
  await expect(entries.filter({ hasText: '患者の基本情報を表示' }).filter({ hasText: '拒否' }).first()).toBeVisible();

  await choosePerson(auditor, people.care_manager.name);
  const looked = entries.filter({ hasText: 'タイムラインを表示' }).filter({ hasText: patient.name }).first();
  await expect(looked).toContainText('根拠');
  await looked.getByRole('button', { name: patient.name }).click();
  await expect(auditor.getByRole('button', { name: new RegExp(`${patient.name} さんの記録だけ`) })).toBeVisible();
});

test('the title of the page never names the patient', async ({ signedIn }) => {
  const manager = await signedIn('care_manager');
  await openPatient(manager);
  expect(await manager.title()).not.toContain(patient.name);
});

async function choosePerson(auditor: Page, name: string): Promise<void> {
  const people = auditor.getByLabel('職員');
  const option = people.locator('option', { hasText: name });
  await people.selectOption((await option.textContent()) ?? name);
  await auditor.getByRole('button', { name: 'この条件で表示' }).click();
}
