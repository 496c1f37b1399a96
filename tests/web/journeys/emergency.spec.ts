import { expect, type Page } from '@playwright/test';
import { openPatient, patient, patientPath, test, unique } from '../support/people.ts';

/** `1938-04-02`, read from the page of somebody who may see it: 昭和13年4月2日（1938年）. */
async function birthDateOf(page: Page): Promise<string> {
  await openPatient(page);
  await page.getByRole('tab', { name: '基本情報' }).click();
  const text = (await page.getByRole('definition').first().textContent()) ?? '';
  const [, month = '', day = '', year = ''] = /年(\d+)月(\d+)日（(\d{4})年）/.exec(text) ?? [];
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

test('in an emergency an outsider opens the patient for a while, and it is reviewed', async ({ signedIn }) => {
  const born = await birthDateOf(await signedIn('care_manager'));
  const reason = unique('訪問先の近くで倒れているのを見つけ、既往の確認が必要');
  const nurse = await signedIn('outsider');
  await nurse.goto('/patients');
  await nurse.getByRole('link', { name: '緊急時アクセス' }).click();
  await nurse.getByLabel('氏名またはふりがな').fill(patient.name);
  await nurse.getByLabel('生年月日').fill('1901-01-01');
  await nurse.getByRole('button', { name: '探す' }).click();
  await expect(nurse.getByText('一致する方がいません')).toBeVisible();
  await nurse.getByLabel('生年月日').fill(born);
  await nurse.getByRole('button', { name: '探す' }).click();
  await nurse.getByRole('listitem').filter({ hasText: patient.name }).getByRole('button', { name: 'この方を開く' }).click();

  await expect(nurse.getByText('すぐに管理者へ通知されます')).toBeVisible();
  await nurse.getByRole('textbox', { name: '理由' }).fill('急ぎ');
  await nurse.getByRole('button', { name: '理由を記録して開く' }).click();
  await expect(nurse.getByText(/あと\d+文字/)).toBeVisible();
  await nurse.getByRole('textbox', { name: '理由' }).fill(reason);
  await nurse.getByRole('button', { name: '理由を記録して開く' }).click();

  const banner = nurse.getByRole('region', { name: '緊急時アクセス中' });
  await expect(banner).toContainText(/残り \d+分/);
  await expect(nurse.getByRole('heading', { level: 1, name: patient.name })).toBeVisible();
  await nurse.reload();
  await expect(banner).toBeVisible();
  await expect(nurse.getByRole('heading', { level: 1, name: patient.name })).toBeVisible();
  await banner.getByRole('button', { name: '終了する' }).click();
  await nurse.getByRole('alertdialog').getByRole('button', { name: '終了する' }).click();
  await expect(nurse).toHaveURL(/emergency/);
  await nurse.goto(patientPath);
  await expect(nurse.getByRole('alert')).toContainText('見つかりません');

  const auditor = await signedIn('auditor');
  await auditor.getByRole('link', { name: '緊急時' }).click();
  const entry = auditor.getByRole('listitem').filter({ hasText: reason });
  await entry.getByRole('button', { name: '確認する' }).click();
  const dialog = auditor.getByRole('dialog');
  await dialog.getByText('妥当', { exact: true }).click();
  await dialog.getByLabel('確認した内容').fill('訪問記録と照らして確認した');
  await dialog.getByRole('button', { name: '確認を記録する' }).click();
  await expect(entry).toHaveCount(0);
  await auditor.getByText('すべて', { exact: true }).click();
  await expect(entry).toContainText('訪問記録と照らして確認した');
});
