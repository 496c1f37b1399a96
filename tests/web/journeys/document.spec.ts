import { expect } from '@playwright/test';
import { sendDischargeSummary } from '../support/hospital.ts';
import { openPatient, test } from '../support/people.ts';

test('a discharge summary appears on the open page, reads like paper and leads back', async ({ signedIn }) => {
  const manager = await signedIn('care_manager');
  await openPatient(manager);
  await expect(manager.locator('article[data-post]').first()).toBeVisible();
  const post = await sendDischargeSummary();
  const card = manager.locator(`article[data-post="${post}"]`);
  await expect(card).toContainText('退院時サマリー');
  await card.getByRole('link', { name: /文書を開く/ }).click();

  await expect(manager.getByRole('heading', { level: 1, name: '退院時サマリー' })).toBeVisible();
  await expect(manager.getByRole('definition').filter({ hasText: '出雲みなと病院' }).first()).toBeVisible();
  await expect(manager.getByRole('columnheader', { name: '用法' })).toBeVisible();
  await expect(manager.getByRole('button', { name: '印刷する' })).toBeVisible();
  await manager.getByRole('link', { name: 'タイムラインに戻る' }).click();
  await expect(manager.getByRole('tab', { name: 'タイムライン' })).toBeVisible();
});
