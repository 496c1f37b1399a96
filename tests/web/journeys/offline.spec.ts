import { expect } from '@playwright/test';
import { loseSignal } from '../support/offline.ts';
import { openPatient, postWith, test, unique, write } from '../support/people.ts';

test('what is being written survives a reload', async ({ signedIn }) => {
  const draft = unique('書きかけの記録');
  const nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  await write(nurse, draft);
  await nurse.waitForTimeout(600);
  await nurse.reload();
  await expect(nurse.getByRole('textbox', { name: '投稿を書く' })).toHaveValue(draft);
  await nurse.getByRole('textbox', { name: '投稿を書く' }).fill('');
});

test('a post written without signal is kept, and sent when the signal returns', async ({ signedIn }) => {
  const text = unique('電波のない所で書いた記録');
  const nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  await loseSignal(nurse);
  await write(nurse, text);
  await nurse.getByRole('button', { name: '投稿する' }).click();
  await expect(nurse.getByTestId('pending-post')).toContainText(text);
  await expect(nurse.getByTestId('status')).toContainText('送信待ち 1件');

  await nurse.reload();
  await expect(nurse.getByTestId('pending-post')).toContainText(text);
  await expect(nurse.getByTestId('status')).toContainText('オフライン');

  await nurse.context().setOffline(false);
  await expect(postWith(nurse, text)).toBeVisible({ timeout: 20_000 });
  await expect(nurse.getByTestId('pending-post')).toHaveCount(0);
  await expect(nurse.getByTestId('status')).toContainText('オンライン');
});

test('signing out with something unsent asks first', async ({ signedIn }) => {
  const nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  await loseSignal(nurse);
  await write(nurse, unique('まだ届いていない記録'));
  await nurse.getByRole('button', { name: '投稿する' }).click();
  await nurse.getByRole('link', { name: '設定' }).click();
  await nurse.getByRole('button', { name: 'サインアウト' }).click();
  await expect(nurse.getByRole('alertdialog')).toContainText('まだ送信していないものが 1件');
  await nurse.getByRole('button', { name: 'サインアウトしない' }).click();
  await expect(nurse.getByTestId('status')).toContainText('送信待ち 1件');
  await nurse.context().setOffline(false);
  await expect(nurse.getByTestId('status')).not.toContainText('送信待ち', { timeout: 20_000 });
});
