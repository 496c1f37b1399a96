import { expect } from '@playwright/test';
import { loseSignal } from '../support/offline.ts';
import { openPatient, test, unique, write } from '../support/people.ts';

test('a word leads to the post in its timeline, and stays out of the address and off the device', async ({
  signedIn,
}) => {
  const text = unique('仙骨部に床ずれの疑いがあります');
  const number = text.replace('仙骨部に床ずれの疑いがあります', '').trim();
  const nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  await write(nurse, text);
  await nurse.getByRole('button', { name: '投稿する' }).click();
  await expect(nurse.getByRole('article').filter({ hasText: text })).toBeVisible();

  await nurse.locator('#main').press('/');
  const field = nurse.getByRole('textbox', { name: 'ことばで探す' });
  await expect(field).toBeFocused();
  await field.fill('あ');
  await field.press('Enter');
  await expect(nurse.getByRole('alert')).toContainText('2文字以上');
  await field.fill(`褥瘡 ${number}`);
  await field.press('Enter');
  const found = nurse.getByRole('list', { name: '検索結果' }).getByRole('link').first();
  await expect(found).toContainText('床ずれ');
  await expect(found.locator('mark').first()).toHaveText('床ずれ');
  expect(nurse.url()).not.toContain(encodeURIComponent('褥瘡'));
  const kept = await nurse.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  expect(kept).not.toContain('褥瘡');

  await found.click();
  const post = nurse.getByRole('article').filter({ hasText: text });
  await expect(post).toBeInViewport();
  await expect(post).toHaveClass(/sought/);
});

test('without signal the search says what it needs', async ({ signedIn }) => {
  const nurse = await signedIn('visiting_nurse');
  await nurse.getByRole('link', { name: '検索' }).click();
  const field = nurse.getByRole('textbox', { name: 'ことばで探す' });
  await expect(field).toBeVisible();
  await loseSignal(nurse);
  await field.fill('発熱');
  await nurse.getByRole('button', { name: '検索' }).click();
  await expect(nurse.getByText('検索には通信が必要です')).toBeVisible();
});
