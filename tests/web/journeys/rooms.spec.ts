import { expect, type Page } from '@playwright/test';
import { loseSignal } from '../support/offline.ts';
import { test, unique } from '../support/people.ts';

async function openRoom(person: Page, name: string) {
  await person.getByRole('link', { name: /^連絡/ }).first().click();
  await person.getByRole('link', { name: new RegExp(name) }).click();
  await expect(person.getByRole('heading', { level: 1, name: new RegExp(name) })).toBeVisible();
}

async function says(person: Page, text: string) {
  await person.getByRole('textbox', { name: '発言を書く' }).fill(text);
  await person.getByRole('button', { name: '送信', exact: true }).click();
}

test('what one says in a room appears to the others without a reload, and is answered', async ({ signedIn }) => {
  const text = unique('次回の部会の資料です');
  const [nurse, physician] = [await signedIn('visiting_nurse'), await signedIn('physician')];
  await openRoom(nurse, '食支援の部会');
  await openRoom(physician, '食支援の部会');
  await says(nurse, text);
  const seen = physician.getByRole('article').filter({ hasText: text });
  await expect(seen).toBeVisible({ timeout: 15_000 });
  await seen.getByRole('button', { name: '返信' }).click();
  const answer = unique('ありがとうございます');
  await says(physician, answer);
  await expect(nurse.getByRole('article').filter({ hasText: answer })).toContainText(text, { timeout: 15_000 });
});

test('what is said without signal is kept, and sent when the signal returns', async ({ signedIn }) => {
  const text = unique('電波のない所での連絡');
  const nurse = await signedIn('visiting_nurse');
  await openRoom(nurse, '食支援の部会');
  await loseSignal(nurse);
  await says(nurse, text);
  await expect(nurse.getByTestId('pending-message')).toContainText(text);
  await nurse.context().setOffline(false);
  await expect(nurse.locator('[data-message]').filter({ hasText: text })).toBeVisible({ timeout: 20_000 });
  await expect(nurse.getByTestId('pending-message')).toHaveCount(0);
});

test('an announcement is confirmed by one tap', async ({ signedIn }) => {
  const nurse = await signedIn('visiting_nurse');
  await nurse.getByRole('link', { name: /^連絡/ }).first().click();
  await nurse.getByRole('link', { name: '回覧' }).click();
  const card = nurse.getByRole('article').filter({ hasText: '台風が近づいたときの連絡体制について' });
  await expect(card).toBeVisible();
  const confirm = card.getByRole('button', { name: '確認しました' });
  if (await confirm.isVisible()) await confirm.click();
  await expect(card.getByText('確認済み')).toBeVisible();
});
