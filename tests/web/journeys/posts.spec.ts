import { expect } from '@playwright/test';
import { openPatient, patient, people, postWith, test, unique, write } from '../support/people.ts';

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
  await seen.getByRole('button', { name: '編集済み' }).click();
  const history = manager.getByRole('dialog', { name: '編集の履歴' });
  await expect(history).toContainText('条件の追記');
  await expect(history.locator('ins')).toContainText('食前の値です');
  await history.getByRole('button', { name: '閉じる' }).click();

  await mine.getByRole('button', { name: 'その他の操作' }).click();
  await nurse.getByRole('menuitem', { name: '取り消す' }).click();
  await nurse.getByRole('dialog').getByLabel('理由').fill('別の方の記録でした');
  await nurse.getByRole('dialog').getByRole('button', { name: '取り消す' }).click();
  await expect(seen).toContainText('この投稿は取り消されました');
  await expect(seen).toContainText('別の方の記録でした');
  await expect(seen).not.toContainText(text);
});

test('whoever is addressed finds the post among their work, answers by a touch and in words, and keeps it on top', async ({ signedIn }) => {
  const text = unique('福祉用具の業者さんが来られます');
  const nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  await write(nurse, text);
  await nurse.getByRole('button', { name: 'そのほかの項目' }).click();
  const addressees = nurse.getByRole('group', { name: '誰に向けて書きますか' }).first();
  await addressees.getByText(people.care_manager.name).click();
  await nurse.getByRole('button', { name: '投稿する' }).click();
  await expect(postWith(nurse, text)).toContainText(`宛先：${people.care_manager.name}`);
  // Answers quote it: from here on it is known by its number.
  const id = await postWith(nurse, text).getAttribute('data-post');
  const mine = nurse.locator(`article[data-post="${id}"]`);

  const manager = await signedIn('care_manager');
  await manager.getByRole('link', { name: /^自分の仕事|^仕事/ }).first().click();
  const told = manager.getByRole('listitem').filter({ hasText: text.slice(0, 10) }).filter({ hasText: text.slice(-9, -1) });
  await expect(told).toContainText('あなた宛ての投稿');
  await told.getByRole('link', { name: patient.name }).click();
  const card = manager.locator(`article[data-post="${id}"]`);
  await expect(card).toBeInViewport();
  await expect(card).toContainText('あなた宛て');

  await card.getByRole('button', { name: 'リアクション' }).click();
  await manager.getByRole('menuitem', { name: '対応します' }).click();
  await expect(mine.getByRole('listitem').filter({ hasText: '対応します' })).toContainText(people.care_manager.name);

  await card.getByRole('button', { name: 'その他の操作' }).click();
  await manager.getByRole('menuitem', { name: '上に固定する' }).click();
  const pinned = nurse.getByRole('region', { name: /固定された投稿/ });
  await expect(pinned).toContainText(text);

  const answer = unique('時間を業者さんに確かめます');
  await card.getByRole('button', { name: '返信' }).click();
  await manager.getByRole('textbox', { name: '投稿を書く' }).fill(answer);
  await manager.getByRole('button', { name: '投稿する' }).click();
  await expect(postWith(nurse, answer)).toBeVisible();
  await pinned.getByRole('button').filter({ hasText: text }).click();
  const thread = nurse.getByRole('dialog', { name: '投稿と返信' });
  await expect(thread.getByRole('article')).toContainText([text, answer]);
  await thread.getByRole('button', { name: '閉じる' }).click();

  await card.getByRole('button', { name: 'その他の操作' }).click();
  await manager.getByRole('menuitem', { name: '固定を外す' }).click();
  await expect(nurse.getByText(text).first()).toBeVisible();
  await expect(pinned.getByRole('button').filter({ hasText: text })).toHaveCount(0);
});
