import { expect, type Page } from '@playwright/test';
import { codeOf } from '../support/codes.ts';
import { invite, type Invited } from '../support/newcomers.ts';
import { authenticatorOf } from '../support/passkeys.ts';
import { test } from '../support/people.ts';

async function begin(page: Page, { path, code }: Invited, name: string): Promise<void> {
  await page.goto(path);
  await page.getByLabel('登録コード', { exact: true }).fill(code.toLowerCase());
  await page.getByRole('button', { name: '次へ' }).click();
  await expect(page.getByText(name)).toBeVisible();
  // The secret of the invitation does not stay in the address.
  expect(page.url()).not.toContain('#');
  await page.getByRole('button', { name: 'はい、次へ' }).click();
}

test('an invited nurse chooses password and app, keeps the recovery codes, and works', async ({ device }) => {
  const invited = await invite('竹田 澪');
  const page = await device();
  await begin(page, invited, '竹田 澪');
  await page.getByRole('button', { name: /パスワードと確認コードアプリ/ }).click();
  await page.getByLabel('新しいパスワード').fill('mijikai-1');
  await page.getByRole('button', { name: '次へ' }).click();
  await expect(page.getByText('下の決まりをすべて満たしてください')).toBeVisible();
  await page.getByLabel('新しいパスワード').fill('suzumushi-8-watasu-hashi');
  await page.getByRole('button', { name: '次へ' }).click();
  await expect(page.getByRole('img', { name: /QRコード/ })).toBeVisible();
  const secret = ((await page.locator('code').textContent()) ?? '').replaceAll(' ', '');
  await page.getByLabel('アプリに表示された6桁の数字').pressSequentially(codeOf(secret));
  await expect(page.getByRole('list', { name: '回復コード' }).getByRole('listitem')).toHaveCount(10);
  await expect(page.getByRole('button', { name: '次へ' })).toBeDisabled();
  await page.getByText('控えました').click();
  await page.getByRole('button', { name: '次へ' }).click();
  await page.getByRole('link', { name: '使いはじめる' }).click();
  await expect(page.getByRole('navigation', { name: 'メニュー' })).toBeVisible();
  const again = await device();
  await again.goto(invited.path);
  await again.getByLabel('登録コード', { exact: true }).fill(invited.code);
  await again.getByRole('button', { name: '次へ' }).click();
  await expect(again.getByRole('alert')).toContainText('招待した管理者に新しい招待を頼んでください');
});

test('an invited nurse makes a passkey in three taps', async ({ device }) => {
  const invited = await invite('森山 悠');
  const page = await device();
  await authenticatorOf(page);
  await begin(page, invited, '森山 悠');
  await page.getByRole('button', { name: /この端末の指紋・顔・PIN/ }).click();
  await expect(page.getByText('登録が終わりました')).toBeVisible();
  await page.getByRole('link', { name: '使いはじめる' }).click();
  await expect(page.getByRole('navigation', { name: 'メニュー' })).toBeVisible();
});

test('a link without its secret says whom to ask', async ({ device }) => {
  const page = await device();
  await page.goto('/enrol');
  await expect(page.getByText('お勤め先の管理者に、新しい招待を頼んでください')).toBeVisible();
});
