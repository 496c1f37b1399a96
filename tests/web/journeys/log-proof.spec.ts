import { expect } from '@playwright/test';
import { people, test, unique } from '../support/people.ts';
import { callAs } from '../support/server.ts';

interface State {
  log: { public_key: string; checkpoint: { size: number } | null } | null;
  own_witness: { url: string; public_key: string };
}

test('the auditor sees in one sentence whether the log can be believed, prints and proves it', async ({ signedIn }) => {
  test.setTimeout(120_000);
  const auditor = await callAs(people.auditor, 'HCOMPL');
  const signed = async () => (await auditor.get<State>('/v1/access-log/checkpoint')).log?.checkpoint?.size ?? 0;
  // The worker signs within seconds of the first entry.
  await expect.poll(signed, { timeout: 90_000 }).toBeGreaterThan(0);

  const page = await signedIn('auditor');
  await page.getByRole('link', { name: 'ログの証明' }).click();
  await expect(page.getByTestId('verdict')).toContainText(/\d件/);
  await page.getByRole('button', { name: '控えを印刷' }).click();
  const sheet = page.getByRole('article');
  await expect(sheet).toContainText('アクセスログの控え');
  await expect(sheet.getByRole('img', { name: 'この控えのQRコード' })).toBeVisible();
  await page.getByRole('button', { name: '戻る' }).click();

  await page.getByRole('button', { name: /^この控えから/ }).last().click();
  await page.getByRole('button', { name: '証明を作る' }).click();
  await expect(page.getByText('この端末で計算して確かめました')).toBeVisible();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: '証明をファイルで保存' }).click();
  expect((await download).suggestedFilename()).toMatch(/^consistency-\d+-\d+\.json$/);
});

test('the administrator enters witnesses and a log to be witnessed, and ends them', async ({ signedIn }) => {
  test.setTimeout(120_000);
  const administrator = await callAs(people.administrator, 'HSYSADMIN');
  const state = await administrator.get<State>('/v1/access-log/checkpoint');
  const page = await signedIn('administrator');
  await page.goto('/log-proof/witnesses');
  const name = unique('安全管理責任者');
  await page.getByRole('button', { name: '預け先を追加' }).click();
  const dialog = page.getByRole('dialog', { name: '預け先を追加' });
  await dialog.getByText('責任者へのメール').click();
  await dialog.getByRole('button', { name: '登録する' }).click();
  await expect(dialog.getByText('入力してください').first()).toBeVisible();
  await dialog.getByLabel('名前').fill(name);
  await dialog.getByLabel('メールアドレス').fill('safety@example.jp');
  await dialog.getByRole('button', { name: '登録する' }).click();
  const row = page.getByRole('listitem').filter({ hasText: name });
  await expect(row).toContainText('safety@example.jp');
  await row.getByRole('button', { name: '終える' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: '終える' }).click();
  await expect(page.getByText(/^終わった預け先/)).toBeVisible();

  await page.goto('/log-proof/watched');
  await expect(page.getByText(state.own_witness.public_key)).toBeVisible();
  await page.getByRole('button', { name: '預かるログを追加' }).click();
  const adding = page.getByRole('dialog', { name: '預かるログを追加' });
  await adding.getByLabel('相手の名前').fill('北部地域ネットワーク');
  await adding.getByLabel('相手のログの公開鍵').fill('この鍵は正しくない');
  await adding.getByRole('button', { name: '登録する' }).click();
  await expect(adding.getByText('この内容は入力できません')).toBeVisible();
});

test('the auditor sees witnesses and changes none', async ({ signedIn }) => {
  const page = await signedIn('auditor');
  await page.goto('/log-proof/witnesses');
  await expect(page.getByText('このログの公開鍵')).toBeVisible();
  await expect(page.getByRole('button', { name: '預け先を追加' })).toHaveCount(0);
});
