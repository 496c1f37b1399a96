import { expect, type Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { accountOf, patientWithAccount } from '../support/patients.ts';
import { people, signInWithCode, test } from '../support/people.ts';
import { callAs, newId } from '../support/server.ts';

interface Line {
  id: string;
  refused: boolean;
  what_ja: string;
  emergency?: object | null;
}

const visits = (page: Page) => page.locator('[data-visit]');

test('the patient sees who looked and what for, emergencies and refusals, and saves the proof', async ({ device }) => {
  test.setTimeout(120_000);
  const { id, account } = await patientWithAccount('秋山 きく');
  const outsider = await callAs(people.outsider, 'TREAT');
  await outsider.get(`/v1/patients/${id}`).catch(() => undefined);
  const manager = await callAs(people.care_manager, 'TREAT');
  await manager.get(`/v1/patients/${id}`);

  const page = await device({ width: 390, height: 844 });
  // As if the refused one had used emergency access later on: that journey is told in emergency.spec.ts.
  await page.route('**/accesses?*', async (route) => {
    const response = await route.fetch();
    const list = (await response.json()) as { items: Line[] };
    const refused = list.items.find(({ refused }) => refused);
    const emergency = { category: 'transport', ja: '救急搬送', en: 'Transport' };
    if (refused) list.items.unshift({ ...refused, id: newId(), refused: false, what_ja: '基本情報を見た', emergency });
    await route.fulfill({ response, json: list });
  });
  await signInWithCode(page, account);
  await page.getByRole('link', { name: '誰が見たか' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '誰が見たか' })).toBeVisible();
  const looked = visits(page).filter({ hasText: '基本情報を見た' }).filter({ hasText: '居宅介護支援' }).first();
  await expect(looked).toContainText('目的：診療・看護・介護のため');
  await expect(visits(page).filter({ hasText: '緊急時アクセス：救急搬送' }).first()).toBeVisible();
  await expect(visits(page).filter({ hasText: '断られました' }).first()).toContainText('見ようとして断られた');

  await expect(visits(page).getByRole('heading', { name: /^ご本人/ })).toHaveCount(0);
  await page.getByLabel('ご本人・ご家族の閲覧も表示する').check();
  await expect(visits(page).getByRole('heading', { name: /^ご本人/ }).first()).toBeVisible();
  await page.getByLabel('ご本人・ご家族の閲覧も表示する').uncheck();

  const download = page.waitForEvent('download');
  await looked.getByRole('button', { name: /^証明を保存/ }).first().click();
  const proof = await readFile(await (await download).path(), 'utf8');
  expect(JSON.parse(proof.split('\n')[0] ?? '')).toMatchObject({ t: 'log', format: 'tsumugi-log/1', kind: 'entry' });
  await expect(page.getByText('証明を保存しました')).toBeVisible();

  const all = page.waitForEvent('download');
  await page.getByRole('button', { name: 'この月の証明をまとめて保存' }).click();
  expect(await readFile(await (await all).path(), 'utf8')).toContain('"t":"end"');

  await page.getByRole('button', { name: '前の月' }).click();
  await expect(page.getByText('この月の記録はありません')).toBeVisible();
});

test('the family sees it only where the patient has agreed to that in a word of its own', async ({ device }) => {
  test.setTimeout(120_000);
  const { id } = await patientWithAccount('秋山 とめ');
  const daughter = await accountOf(id, '秋山 りつ', { relation: 'family', label: '長女' });
  const page = await device();
  await signInWithCode(page, daughter);
  await page.goto('/accesses');
  await expect(page.getByText('いまは、この一覧を見られません')).toBeVisible();
});

test('a month that has gone into the archive is told in plain words', async ({ device }) => {
  test.setTimeout(120_000);
  const { account } = await patientWithAccount('秋山 ふみ');
  const page = await device();
  await page.route('**/accesses?month=*', (route) =>
    route.fulfill({
      status: 410,
      contentType: 'application/problem+json',
      json: { code: 'access_log_archived', status: 410 },
    }),
  );
  await signInWithCode(page, account);
  await page.goto('/accesses');
  await expect(page.getByText('この月の記録は、保管庫に移されています')).toBeVisible();
});
