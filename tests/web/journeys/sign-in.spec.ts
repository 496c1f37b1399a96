import { expect } from '@playwright/test';
import { codeOf, nextCode } from '../support/codes.ts';
import { authenticatorOf } from '../support/passkeys.ts';
import { people, signIn, signInWithCode, test, withPasskey } from '../support/people.ts';

const person = people.physician;

test('password and code: the code is asked for on the same page, and sent by itself', async ({ device }) => {
  const page = await device();
  await signInWithCode(page, person);
  await expect(page).toHaveURL(/patients/);
});

test('a wrong code is said, and a used one is told apart', async ({ device }) => {
  const used = await nextCode(people.outsider);
  const first = await device();
  await signInWithCode(first, people.outsider, used);
  const second = await device();
  await second.goto('/sign-in');
  await second.getByLabel('ログインID').fill(people.outsider.login);
  await second.getByLabel('パスワード', { exact: true }).fill(people.outsider.password);
  await second.getByRole('button', { name: 'サインイン', exact: true }).click();
  await second.getByLabel('確認コード（6桁）').pressSequentially(used);
  await expect(second.getByRole('alert')).toContainText('このコードは使用済みです');
  await expect(second.getByLabel('確認コード（6桁）')).toHaveValue('');
  await second.getByLabel('確認コード（6桁）').pressSequentially(codeOf(people.outsider.totp_secret ?? '', 1));
  await expect(second.getByRole('alert')).toContainText('確認コードが違います');
});

test('whoever has lost the phone is told what to do', async ({ device }) => {
  const page = await device();
  await page.goto('/sign-in');
  await page.getByRole('button', { name: '機器をなくした・使えない' }).click();
  await expect(page.getByLabel('回復コードまたは一時コード')).toBeVisible();
  await expect(page.getByText('お勤め先の管理者に電話して')).toBeVisible();
  await page.getByRole('button', { name: '確認コードアプリを使う' }).click();
  await expect(page.getByLabel('確認コード（6桁）')).toBeVisible();
});

test('a passkey alone signs in, and the device remembers the network', async ({ device }) => {
  const page = await device();
  await signIn(page, person);
  await page.goto('/settings');
  await page.getByRole('button', { name: 'サインアウト' }).click();
  await withPasskey(page, person, async () => {
    await page.getByRole('button', { name: 'パスキーでサインイン' }).click();
    await expect(page.getByRole('navigation', { name: 'メニュー' })).toBeVisible();
  });
});

test('a passkey whose owner is not verified opens nothing', async ({ device }) => {
  const page = await device();
  await signIn(page, person);
  await page.goto('/settings');
  await page.getByRole('button', { name: 'サインアウト' }).click();
  await (await authenticatorOf(page)).willing(false);
  await withPasskey(page, person, async () => {
    await page.getByRole('button', { name: 'パスキーでサインイン' }).click();
    await expect(page.getByText('パスキーの確認が終わりませんでした')).toBeVisible({ timeout: 70_000 });
  });
  await expect(page.getByRole('navigation', { name: 'メニュー' })).toHaveCount(0);
});
