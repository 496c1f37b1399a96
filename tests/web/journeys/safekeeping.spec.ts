import { expect } from '@playwright/test';
import { patient, people, test, unique } from '../support/people.ts';
import { callAs } from '../support/server.ts';

test('the auditor holds a time of the log, and releases it with a reason', async ({ signedIn }) => {
  const page = await signedIn('auditor');
  const reason = unique('苦情の調査のため');
  await page.getByRole('link', { name: '保全・開示' }).click();
  await page.getByRole('button', { name: '保全を始める' }).click();
  const dialog = page.getByRole('dialog', { name: '保全を始める' });
  await dialog.getByLabel('最初の日').fill('2026-09-01');
  await dialog.getByLabel('最後の日').fill('2026-09-30');
  await dialog.getByLabel('理由').fill(reason);
  await dialog.getByRole('button', { name: '保全を始める' }).click();
  const row = page.getByRole('listitem').filter({ hasText: reason });
  await expect(row).toContainText('2026年9月1日 〜 2026年9月30日');
  await row.getByRole('button', { name: '解除する' }).click();
  const release = page.getByRole('dialog', { name: 'この保全を解除しますか' });
  await release.getByLabel('解除の理由').fill('調査が終わったため');
  await release.getByRole('button', { name: '解除する' }).click();
  await expect(row).toContainText('解除の理由：調査が終わったため');
});

test('the administrator withholds entries on a legal basis, the auditor sees it, and it is ended', async ({
  signedIn,
}) => {
  test.setTimeout(120_000);
  const page = await signedIn('administrator');
  const basis = unique('刑事訴訟法197条2項の照会（第12号）');
  await page.goto('/safekeeping/withholdings');
  await page.getByRole('button', { name: '保留を登録' }).click();
  const dialog = page.getByRole('dialog', { name: '保留を登録' });
  await dialog.getByLabel('患者・利用者').fill(patient.id);
  await dialog.getByRole('button', { name: patient.id }).click();
  await dialog.getByLabel('最初の日').fill('2026-09-01');
  await dialog.getByLabel('最後の日', { exact: true }).fill('2026-09-02');
  await dialog.getByText('ご家族だけ').click();
  await dialog.getByLabel('法的な根拠').fill('照会');
  await dialog.getByLabel('決めた人').fill('個人情報保護管理者 山本 恵子');
  await dialog.getByLabel('保留の最後の日').fill('2099-01-01');
  await dialog.getByRole('button', { name: '保留を登録する' }).click();
  await expect(dialog.getByText('10文字以上で具体的に')).toBeVisible();
  await expect(dialog.getByText('今日から1年以内の日に')).toBeVisible();
  await dialog.getByLabel('法的な根拠').fill(basis);
  const later = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  await dialog.getByLabel('保留の最後の日').fill(later);
  await dialog.getByRole('button', { name: '保留を登録する' }).click();
  const row = page.getByRole('listitem').filter({ hasText: basis });
  await expect(row).toContainText('ご家族だけ');

  const auditor = await signedIn('auditor');
  await auditor.goto('/safekeeping/withholdings');
  await expect(auditor.getByRole('listitem').filter({ hasText: basis })).toBeVisible();
  await expect(auditor.getByRole('button', { name: '終える' })).toHaveCount(0);

  await row.getByRole('button', { name: '終える' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: '終える' }).click();
  await expect(row).toContainText('終了：');
});

test('the auditor lists the persons affected by a misused account', async ({ signedIn }) => {
  const manager = await callAs(people.care_manager, 'TREAT');
  await manager.get(`/v1/patients/${patient.id}`);
  const { account_id } = await manager.get<{ account_id: string }>('/v1/me');
  const page = await signedIn('auditor');
  await page.goto('/safekeeping/incident');
  await page.getByLabel('悪用されたアカウントのID').fill('123');
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo' }).format(new Date());
  await page.getByLabel('最初の日').fill(today);
  await page.getByRole('button', { name: '一覧を作る' }).click();
  await expect(page.getByText('IDの形式を確かめてください')).toBeVisible();
  await page.getByLabel('悪用されたアカウントのID').fill(account_id);
  await page.getByRole('button', { name: '一覧を作る' }).click();
  const result = page.getByTestId('incident');
  await expect(result.getByRole('row').filter({ hasText: patient.name })).toBeVisible();
  await expect(result.getByText('速報（5日以内）')).toBeVisible();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSVで保存' }).click();
  expect((await download).suggestedFilename()).toMatch(/\.csv$/);
});

test('the administrator decides whether patients see names', async ({ signedIn }) => {
  const page = await signedIn('administrator');
  await page.goto('/settings');
  const choice = page.getByRole('group', { name: '見た人の表示' });
  await choice.getByText('氏名も表示').click();
  await page.getByRole('button', { name: 'この設定にする' }).click();
  await expect(page.getByText('設定を変更しました')).toBeVisible();
  await page.reload();
  await expect(choice.getByRole('radio', { name: '氏名も表示' })).toBeChecked();
  await choice.getByText('所属と職種だけ').click();
  await page.getByRole('button', { name: 'この設定にする' }).click();
  await expect(page.getByText('設定を変更しました')).toBeVisible();
});
