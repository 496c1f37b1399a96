import { expect } from '@playwright/test';
import { openPatient, postWith, test, unique, write } from '../support/people.ts';

test('what only medical professions may read stays with them', async ({ signedIn }) => {
  const finding = unique('疼痛の評価を主治医と相談中です');
  const greeting = unique('本日もお変わりありません');
  const nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  await write(nurse, finding);
  await nurse.getByText(/^医療職のみ（\d+人）$/).click();
  await nurse.getByRole('button', { name: '投稿する' }).click();
  await expect(postWith(nurse, finding)).toContainText('医療職のみ');
  await write(nurse, greeting);
  await nurse.getByRole('button', { name: '投稿する' }).click();
  await expect(postWith(nurse, greeting)).not.toContainText('医療職のみ');

  const physician = await signedIn('physician');
  await openPatient(physician);
  await expect(postWith(physician, finding)).toBeVisible();
  const helper = await signedIn('home_helper');
  await openPatient(helper);
  await expect(postWith(helper, greeting)).toBeVisible();
  await expect(postWith(helper, finding)).toHaveCount(0);
});

test('an edit and a retraction are shown to the others, with their reasons', async ({ signedIn }) => {
  const text = unique('体重は45.8kgでした');
  const nurse = await signedIn('visiting_nurse');
  const manager = await signedIn('care_manager');
  await openPatient(manager);
  await openPatient(nurse);
  await write(nurse, text);
  await nurse.getByRole('button', { name: '投稿する' }).click();
  const id = await postWith(nurse, text).getAttribute('data-post');
  const mine = nurse.locator(`article[data-post="${id}"]`);
  const seen = manager.locator(`article[data-post="${id}"]`);
  await expect(seen).toContainText(text);

  await mine.getByRole('button', { name: 'その他の操作' }).click();
  await nurse.getByRole('menuitem', { name: '編集する' }).click();
  await nurse.getByLabel('本文').fill(`${text} 食前の値です`);
  await nurse.getByLabel('編集の理由').fill('条件の追記');
  await nurse.getByRole('button', { name: '編集を保存' }).click();
  await expect(seen).toContainText('食前の値です');
  await expect(seen).toContainText('編集済み');

  await mine.getByRole('button', { name: 'その他の操作' }).click();
  await nurse.getByRole('menuitem', { name: '取り消す' }).click();
  await nurse.getByRole('dialog').getByLabel('理由').fill('別の方の記録でした');
  await nurse.getByRole('dialog').getByRole('button', { name: '取り消す' }).click();
  await expect(seen).toContainText('この投稿は取り消されました');
  await expect(seen).toContainText('別の方の記録でした');
  await expect(seen).not.toContainText(text);
});
