/** The auditor's console for the access log, by what auditors see. */
import { expect, type Page } from '@playwright/test';

/** Adds a condition that is picked by typing part of a name. */
export async function pick(auditor: Page, label: '職員' | '患者' | '操作', name: string): Promise<void> {
  await auditor.getByRole('button', { name: '条件を追加' }).click();
  const dialog = auditor.getByRole('dialog', { name: '条件を追加' });
  const change = dialog.getByRole('group', { name: label, exact: true }).getByRole('button', { name: '選び直す' });
  if (await change.isVisible()) await change.click();
  await dialog.getByLabel(label, { exact: true }).fill(name);
  await dialog.getByRole('listitem').getByRole('button', { name }).first().click();
  await dialog.getByRole('button', { name: 'この条件で表示' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(condition(auditor, `${label}：${name}`)).toBeVisible();
}

/** The chip of a condition; a tap takes it away. */
export function condition(auditor: Page, words: string) {
  return auditor.getByRole('button', { name: `「${words}」の条件を外す` });
}

/** The lines of the list. */
export function entries(auditor: Page) {
  return auditor.getByRole('main').getByRole('listitem').filter({ has: auditor.getByRole('button', { name: '詳しく' }) });
}

/** A name in the list: it leads to all that the person did, or that was done with the patient's record. */
export function history(name: string): RegExp {
  return new RegExp(`^${name}\\s*の履歴を表示$`);
}
