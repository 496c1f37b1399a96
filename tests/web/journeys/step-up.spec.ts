import { expect, type Page } from '@playwright/test';
import { nextCode } from '../support/codes.ts';
import { newcomer } from '../support/newcomers.ts';
import { people, signIn, signInWithCode, test, withPasskey } from '../support/people.ts';

const stale = { status: 403, contentType: 'application/problem+json', json: { code: 'step_up_required' } };

/** As if the factors had been shown long ago: the first call is refused, what follows reaches the server. */
async function refuseOnce(page: Page, path: string): Promise<void> {
  await page.route(path, (route) => route.fulfill(stale), { times: 1 });
}

test('fresh factors are asked for, and what was wanted goes on by itself', async ({ signedIn }) => {
  const page = await signedIn('home_helper');
  await page.goto('/settings/security');
  await refuseOnce(page, '**/v1/me/totp');
  await page.getByRole('button', { name: '新しいスマートフォンに移す' }).click();
  const dialog = page.getByRole('dialog', { name: 'ご本人の確認' });
  await withPasskey(page, people.home_helper, async () => {
    await dialog.getByRole('button', { name: 'パスキーで確認する' }).click();
    await expect(page.getByRole('img', { name: /QRコード/ })).toBeVisible();
  });
  await expect(dialog).toHaveCount(0);
});

test('password and code do as well', async ({ signedIn }) => {
  const person = people.home_helper;
  const page = await signedIn('home_helper');
  await page.goto('/settings/security');
  await refuseOnce(page, '**/v1/me/totp');
  await page.getByRole('button', { name: '新しいスマートフォンに移す' }).click();
  const dialog = page.getByRole('dialog', { name: 'ご本人の確認' });
  await dialog.getByLabel('パスワード', { exact: true }).fill(person.password);
  await dialog.getByLabel('確認コード（6桁）').pressSequentially(await nextCode(person));
  await expect(page.getByRole('img', { name: /QRコード/ })).toBeVisible();
});

test('without the phone, a recovery code confirms once', async ({ device }) => {
  const person = await newcomer('岸 千尋');
  const page = await device();
  await signInWithCode(page, person);
  const dialog = page.getByRole('dialog', { name: 'ご本人の確認' });
  const confirm = async () => {
    await page.goto('/settings/security');
    await refuseOnce(page, '**/v1/me/totp');
    await page.getByRole('button', { name: '新しいスマートフォンに移す' }).click();
    await dialog.getByLabel('パスワード', { exact: true }).fill(person.password);
    await dialog.getByRole('button', { name: '機器をなくした・使えない' }).click();
    await dialog.getByLabel('回復コードまたは一時コード').fill((person.recovery[0] ?? '').toLowerCase());
    await dialog.getByRole('button', { name: '確認して続ける' }).click();
  };
  await confirm();
  await expect(page.getByRole('img', { name: /QRコード/ })).toBeVisible();
  await confirm();
  await expect(dialog.getByRole('alert')).toBeVisible();
});

test('whoever declines is told that nothing was done', async ({ signedIn }) => {
  const page = await signedIn('home_helper');
  await page.goto('/settings/security');
  await refuseOnce(page, '**/v1/me/totp');
  await page.getByRole('button', { name: '新しいスマートフォンに移す' }).click();
  await page.getByRole('dialog', { name: 'ご本人の確認' }).getByRole('button', { name: 'やめる' }).click();
  await expect(page.getByText('この操作は行っていません')).toBeVisible();
});

test('a device that is not there any more is signed out from another', async ({ device }) => {
  const person = await newcomer('岸 千尋');
  const [here, lost] = [await device(), await device()];
  await signIn(lost, person);
  await signIn(here, person);
  await here.goto('/settings/security');
  await here.getByRole('button', { name: 'ほかの端末をすべて終了' }).click();
  await here.getByRole('alertdialog').getByRole('button', { name: 'ほかの端末をすべて終了' }).click();
  await expect(here.getByText('サインインを終了しました')).toBeVisible();
  await lost.reload();
  await expect(lost.getByText('この端末に保存していた内容は消去しました')).toBeVisible();
});
