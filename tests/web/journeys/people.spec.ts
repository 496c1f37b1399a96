import { expect, type Page } from '@playwright/test';
import { newcomer } from '../support/newcomers.ts';
import { type Person, signInWithCode, test } from '../support/people.ts';

/** A login name that no earlier run has taken. */
function fresh(): string {
  return `t${crypto.randomUUID().slice(0, 8)}`;
}

async function firstFacility(page: Page): Promise<string> {
  await page.goto('/people/invite');
  const facility = page.getByLabel('所属').locator('option').first();
  await expect(facility).toBeAttached();
  return (await facility.textContent()) ?? '';
}

async function choose(page: Page, lines: string[]): Promise<void> {
  const header = '氏名,フリガナ,職種,施設,ログイン名,メール,開始日,終了日,免許番号,免許期限';
  const buffer = Buffer.from(`\ufeff${[header, ...lines].join('\r\n')}\r\n`);
  await page.locator('input[type=file]').setInputFiles({ name: '職員名簿.csv', mimeType: 'text/csv', buffer });
  await expect(page.getByRole('table')).toBeVisible();
}

test('an administrator invites a nurse; the code is shown once, with a sheet to hand over', async ({ signedIn }) => {
  const page = await signedIn('administrator');
  const login = fresh();
  await page.goto('/people');
  await page.getByRole('link', { name: '職員を招待' }).click();
  await page.getByRole('button', { name: '招待する', exact: true }).click();
  await expect(page.getByLabel('氏名')).toBeFocused();
  await page.getByLabel('氏名').fill('春日 あおい');
  await page.getByLabel('ふりがな').fill('かすが あおい');
  await page.getByLabel('ログイン名').fill(login);
  await page.getByLabel('メールアドレス').fill(`${login}@example.jp`);
  await page.getByRole('button', { name: '招待する', exact: true }).click();

  const code = (await page.getByTestId('code').textContent())?.trim() ?? '';
  expect(code).toMatch(/^[0-9A-Z-]{6,}$/);
  await page.getByRole('button', { name: '招待状を印刷' }).click();
  const sheet = page.getByRole('article');
  await expect(sheet).toContainText(code);
  await expect(sheet).toContainText('春日 あおい 様');
  // The link comes by mail only: the sheet alone opens nothing.
  await expect(sheet).not.toContainText('/enrol');

  await page.goto('/people/invitations');
  await expect(page.getByRole('link', { name: '春日 あおい' }).first()).toBeVisible();
  await expect(page.getByText(code)).toHaveCount(0);
});

test('a file is checked first, in plain words, and taken in only without faults', async ({ signedIn }) => {
  const page = await signedIn('administrator');
  const facility = await firstFacility(page);
  // A name that no earlier run has left behind, too: somebody of the same name at the same post is taken for the same.
  const line = (login: string, at: string) => `秋鹿 ${login},アイカ レン,看護師,${at},${login},${login}@example.jp,,,,`;
  await page.goto('/people/import');
  await choose(page, [line(fresh(), facility), line(fresh(), 'どこにもない施設')]);
  const fault = page.getByRole('row').filter({ hasText: '要修正' });
  await expect(fault).toContainText('施設：ネットワークに登録されていません');
  await expect(page.getByRole('button', { name: /人を取り込む/ })).toHaveCount(0);

  await choose(page, [line(fresh(), facility)]);
  await expect(page.getByText('まだ何も登録していません')).toBeVisible();
  await page.getByRole('button', { name: '1人を取り込む' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: '1人を取り込む' }).click();
  await expect(page.getByRole('heading', { name: '登録コードの一覧' })).toBeVisible();
  await expect(page.getByRole('article').getByRole('listitem')).toHaveCount(1);
});

async function openPerson(page: Page, person: Person): Promise<void> {
  await page.goto('/people');
  const [login = ''] = person.login.split('@');
  await page.getByLabel('氏名・かな・ログインIDで探す').fill(login);
  await page.getByRole('link', { name: new RegExp(login) }).click();
  await expect(page.getByRole('heading', { level: 1, name: person.name })).toBeVisible();
}

test('a person moves: what follows is said before and after', async ({ signedIn }) => {
  const page = await signedIn('administrator');
  await openPerson(page, await newcomer('三谷 晴'));
  await page.getByRole('button', { name: '異動', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: '三谷 晴 さんの異動' });
  await dialog.getByLabel('異動先', { exact: true }).selectOption({ index: 3 });
  await expect(dialog).toContainText('引き継ぎ先を選んでいません');
  await dialog.getByRole('button', { name: '異動を登録' }).click();
  await expect(dialog.getByText('登録しました')).toBeVisible();
  await expect(dialog.getByText('担当者がいなくなる患者はいません')).toBeVisible();
});

test('a person leaves at once, and is signed out', async ({ device, signedIn }) => {
  const person = await newcomer('三谷 晴');
  const own = await device();
  await signInWithCode(own, person);
  const page = await signedIn('administrator');
  await openPerson(page, person);
  await page.getByRole('button', { name: '退職・利用終了' }).click();
  const dialog = page.getByRole('dialog', { name: '三谷 晴 さんの退職・利用終了' });
  await dialog.getByText('最終日を待たず').click();
  await dialog.getByRole('button', { name: '終了を登録' }).click();
  await expect(dialog.getByText('登録しました')).toBeVisible();
  await own.reload();
  await expect(own.getByText('この端末に保存していた内容は消去しました')).toBeVisible();
});
