import { expect } from '@playwright/test';
import { loseSignal } from '../support/offline.ts';
import { openPatient, postWith, test, unique, write } from '../support/people.ts';

test('the current state stands beside the stream, and what is overdue stands out', async ({ signedIn }) => {
  const nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  const state = nurse.getByRole('tabpanel', { name: 'いまの状態' });
  await expect(state.getByRole('heading', { name: '注意（アレルギー・感染症）' })).toBeVisible();
  await expect(state.getByText('セフェム系抗菌薬')).toBeVisible();
  await expect(state.getByText(/\d+日過ぎています/).first()).toBeVisible();
  await expect(state.getByText('内容が食い違っています').first()).toBeVisible();
  await expect(nurse.getByRole('button', { name: '投稿を書く' })).toBeVisible();
});

test('a post becomes a fact in two taps and the others see it without reload', async ({ signedIn }) => {
  const physician = await signedIn('physician');
  await openPatient(physician);
  const nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  const name = unique('試験薬');
  await write(nurse, `${name}錠5mg 1日1回 朝食後 が始まりました。`);
  await nurse.getByRole('button', { name: '投稿する' }).click();
  const card = postWith(nurse, name);
  await card.getByRole('button', { name: 'その他の操作' }).click();
  await nurse.getByRole('menuitem', { name: 'いまの状態に加える' }).click();
  const form = nurse.getByRole('dialog');
  await form.getByLabel('薬の名前').fill(name);
  await form.getByRole('button', { name: '保存' }).click();
  const fact = physician.locator('article[data-fact]').filter({ hasText: name });
  await expect(fact).toContainText('今日に確認');
  await expect(card.getByRole('button', { name: 'いまの状態に1件' })).toBeVisible();
});

test('what is entered without signal is kept and sent later', async ({ signedIn }) => {
  const nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  await expect(nurse.locator('article[data-fact]').first()).toBeVisible();
  await loseSignal(nurse);
  const name = unique('電波のない家');
  await nurse.getByRole('button', { name: '「病名・既往」に追加' }).click();
  const form = nurse.getByRole('dialog');
  await form.getByLabel('病名', { exact: true }).fill(name);
  await form.getByLabel('状況').selectOption({ label: '治療中' });
  await form.getByRole('button', { name: '保存' }).click();
  await expect(nurse.getByText(name)).toBeVisible();
  await expect(nurse.getByText('送信待ち').first()).toBeVisible();
  await nurse.context().setOffline(false);
  await expect(nurse.locator('article[data-fact]').filter({ hasText: name })).toBeVisible();
});
