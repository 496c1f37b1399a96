import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { expectAccessible } from '../support/accessibility.ts';
import { openPatient, test, unique } from '../support/people.ts';

const day = (ago: number) =>
  new Date(Date.now() + 9 * 3_600_000 - ago * 86_400_000).toISOString().slice(0, 10);

test('a copy of a week is asked for, made and fetched as PDF', async ({ signedIn }) => {
  const manager = await signedIn('care_manager');
  await openPatient(manager);
  await manager.locator('header').getByRole('button', { name: 'その他の操作' }).click();
  await manager.getByRole('menuitem', { name: '記録の写し（エクスポート）' }).click();
  await expect(manager.getByRole('heading', { level: 1, name: '記録の写し' })).toBeVisible();

  await manager.getByText('その他', { exact: true }).click();
  await manager.getByText('期間を選ぶ', { exact: true }).click();
  await manager.getByLabel('はじめの日').fill(day(7));
  await manager.getByLabel('終わりの日').fill(day(0));
  await manager.getByRole('button', { name: '写しを作る' }).click();
  await expect(manager.getByText('何のための写しかを書いてください')).toBeVisible();
  await manager.getByLabel('目的のくわしい内容').fill(unique('担当者会議の資料'));
  await expectAccessible(manager);
  await manager.getByRole('button', { name: '写しを作る' }).click();

  const made = manager.getByRole('listitem').filter({ has: manager.getByRole('status') }).first();
  await expect(made.getByRole('status')).toContainText('受け取れます', { timeout: 40_000 });
  const download = manager.waitForEvent('download');
  await made.getByRole('button', { name: /受け取る/ }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/\.pdf$/);
  expect((await readFile(await file.path())).subarray(0, 5).toString()).toBe('%PDF-');
});
