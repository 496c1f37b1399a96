import { expect, test } from '@playwright/test';
import { openPatient, patient, patientPath, people, signedIn } from '../support/people.ts';

test('an outsider sees nothing of the patient', async ({ browser }) => {
  const outsider = await signedIn(browser, 'outsider');
  await outsider.goto('/patients');
  await expect(outsider.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(outsider.getByText(patient.name)).toHaveCount(0);
  await outsider.goto(patientPath);
  await expect(outsider.getByRole('alert')).toContainText('見つかりません');
  await expect(outsider.getByText(patient.name)).toHaveCount(0);
});

test('the auditor sees who looked, and why it was allowed or refused', async ({ browser }) => {
  const manager = await signedIn(browser, 'care_manager');
  await openPatient(manager);
  const outsider = await signedIn(browser, 'outsider');
  await outsider.goto(patientPath);
  await expect(outsider.getByRole('alert')).toBeVisible();

  const auditor = await signedIn(browser, 'auditor');
  await expect(auditor).toHaveURL(/access-log/);
  const entries = auditor.getByRole('listitem');
  const looked = entries.filter({ hasText: people.care_manager.name }).filter({ hasText: patient.name }).first();
  await expect(looked).toContainText('根拠');
  const refused = entries.filter({ hasText: people.outsider.name }).filter({ hasText: '拒否' }).first();
  await expect(refused).toBeVisible();

  await looked.getByRole('button', { name: patient.name }).click();
  await expect(auditor.getByRole('button', { name: new RegExp(`${patient.name} さんの記録だけ`) })).toBeVisible();
});

test('the title of the page never names the patient', async ({ browser }) => {
  const manager = await signedIn(browser, 'care_manager');
  await openPatient(manager);
  expect(await manager.title()).not.toContain(patient.name);
});

test('after signing out the device holds nothing that can be opened', async ({ browser }) => {
  const manager = await signedIn(browser, 'care_manager');
  await openPatient(manager);
  await manager.getByRole('link', { name: '設定' }).click();
  await manager.getByRole('button', { name: 'サインアウト' }).click();
  await expect(manager.getByRole('button', { name: 'サインイン', exact: true })).toBeVisible();
  const left = await manager.evaluate(async () => {
    const request = indexedDB.open('tsumugi');
    const db = await new Promise<IDBDatabase>((resolve) => (request.onsuccess = () => resolve(request.result)));
    const count = (name: string) =>
      new Promise<number>((resolve) => {
        const asked = db.transaction(name).objectStore(name).count();
        asked.onsuccess = () => resolve(asked.result);
      });
    return Promise.all([...db.objectStoreNames].map(count));
  });
  expect(left.every((count) => count === 0)).toBe(true);
});
