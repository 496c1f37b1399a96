import { expect, type Page } from '@playwright/test';
import { test } from '../support/people.ts';

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
  const line = (login: string, at: string) => `秋鹿 蓮,アイカ レン,看護師,${at},${login},${login}@example.jp,,,,`;
  await page.goto('/people/import');
  await choose(page, [line(fresh(), facility), line(fresh(), 'どこにもない施設')]);
  const fault = page.getByRole('row').filter({ hasText: '要修正' });
  await expect(fault).toContainText('施設：');
  await expect(page.getByRole('button', { name: /人を取り込む/ })).toHaveCount(0);

  await choose(page, [line(fresh(), facility)]);
  await expect(page.getByText('まだ何も登録していません')).toBeVisible();
  await page.getByRole('button', { name: '1人を取り込む' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: '1人を取り込む' }).click();
  await expect(page.getByRole('heading', { name: '登録コードの一覧' })).toBeVisible();
  await expect(page.getByRole('article').getByRole('listitem')).toHaveCount(1);
});
