import { expect, type Page } from '@playwright/test';
import { loseSignal } from '../support/offline.ts';
import { openPatient, test, unique } from '../support/people.ts';

/** The first Monday at least a week from now, in Japan. */
function aMonday(): string {
  const day = new Date(Date.now() + 9 * 3_600_000 + 7 * 86_400_000);
  while (day.getUTCDay() !== 1) day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().slice(0, 10);
}

async function openCalendar(page: Page): Promise<void> {
  await page.getByRole('tab', { name: '予定' }).click();
  await expect(page.getByRole('button', { name: '予定を追加' })).toBeVisible();
}

/** Opens the form, fills in what it is and when, and leaves the rest to the journey. */
async function begin(page: Page, title: string, day: string, from: string, to: string): Promise<void> {
  await page.getByRole('button', { name: '予定を追加' }).click();
  const form = page.getByRole('dialog');
  await form.getByRole('textbox', { name: '内容' }).fill(title);
  await form.getByLabel(/^(日付|最初の日)$/).fill(day);
  await form.getByLabel('開始').fill(from);
  await form.getByLabel('終了').fill(to);
}

/** Saves, and whatever overlaps may overlap. */
async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: '予定を保存' }).click();
  const asked = page.getByRole('alertdialog');
  const form = page.getByRole('dialog');
  await expect.poll(async () => (await asked.count()) > 0 || (await form.count()) === 0).toBe(true);
  if ((await asked.count()) > 0) await asked.getByRole('button', { name: '重なったまま登録する' }).click();
  await expect(form).toHaveCount(0);
}

const card = (page: Page, title: string) => page.getByTestId('appointment').filter({ hasText: title });

test('a weekly visit is entered, moved on one day and called off on another', async ({ signedIn }) => {
  const title = unique('排便ケア');
  const nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  await openCalendar(nurse);
  await begin(nurse, title, aMonday(), '06:10', '06:40');
  await nurse.getByLabel('くり返し').selectOption({ label: '毎週' });
  await nurse.getByRole('dialog').getByText('木', { exact: true }).click();
  await expect(nurse.getByText('毎週 月・木曜日')).toBeVisible();
  await save(nurse);
  await nurse.getByRole('button', { name: '次の2週間' }).click();
  await expect(card(nurse, title)).not.toHaveCount(0);
  const before = await card(nurse, title).count();

  await card(nurse, title).first().click();
  await nurse.getByRole('button', { name: '変更する' }).click();
  await nurse.getByText('この日だけ', { exact: true }).click();
  await nurse.getByRole('button', { name: '次へ' }).click();
  await nurse.getByLabel('開始').fill('06:00');
  await nurse.getByRole('button', { name: '日程の調整' }).click();
  await save(nurse);
  await expect(card(nurse, title).filter({ hasText: '06:00〜06:40' })).toHaveCount(1);

  await card(nurse, title).last().click();
  await nurse.getByRole('button', { name: '取り消す', exact: true }).click();
  await nurse.getByText('この日だけ', { exact: true }).click();
  await nurse.getByRole('button', { name: '入院' }).click();
  await nurse.getByRole('button', { name: '予定を取り消す' }).click();
  await expect(card(nurse, title)).toHaveCount(before - 1);

  await card(nurse, title).first().click();
  await nurse.getByRole('button', { name: '変更の履歴' }).click();
  await expect(nurse.getByRole('dialog')).toContainText('1日だけ取り消し');
  await expect(nurse.getByRole('dialog')).toContainText('入院');
});

test('an appointment that is entered without signal is kept, and one’s week is there to read', async ({ signedIn }) => {
  const title = unique('圏外で決めた面談');
  const nurse = await signedIn('visiting_nurse', { width: 390, height: 844 });
  await nurse.getByRole('link', { name: '予定' }).click();
  await expect(nurse.getByRole('heading', { name: '自分の予定' })).toBeVisible();
  await expect(nurse.getByTestId('appointment').first()).toBeVisible();
  await loseSignal(nurse);
  await nurse.reload();
  await expect(nurse.getByTestId('appointment').first()).toBeVisible();
  await nurse.getByRole('button', { name: '予定を追加' }).click();
  await nurse.getByRole('dialog').getByText('その他', { exact: true }).click();
  await nurse.getByRole('textbox', { name: '内容' }).fill(title);
  await nurse.getByLabel('開始').fill('05:10');
  await nurse.getByLabel('終了').fill('05:20');
  await nurse.getByRole('button', { name: '予定を保存' }).click();
  await expect(nurse.getByTestId('waiting-appointment')).toContainText(title);
  await nurse.context().setOffline(false);
  await expect(card(nurse, title)).toBeVisible({ timeout: 20_000 });
  await expect(nurse.getByTestId('waiting-appointment')).toHaveCount(0);
});

test('a calendar of one’s own shows kind and time only, until the feed is ended', async ({ signedIn, baseURL }) => {
  const physician = await signedIn('physician');
  await physician.goto('/settings/calendar');
  await physician.getByRole('button', { name: /連携用のアドレスを作る|アドレスを作り直す/ }).click();
  const confirm = physician.getByRole('alertdialog').getByRole('button', { name: 'アドレスを作り直す' });
  const address = physician.getByTestId('feed-address');
  await expect(confirm.or(address)).toBeVisible();
  if (await confirm.isVisible()) await confirm.click();
  const shown = new URL((await address.textContent()) ?? '');
  const fetched = await fetch(`${baseURL}${shown.pathname}`);
  const text = await fetched.text();
  expect([fetched.status, text.includes('SUMMARY:訪問')]).toEqual([200, true]);
  expect(text).not.toContain('訪問診療');
  await physician.reload();
  await expect(address).toHaveCount(0);
  await physician.getByRole('button', { name: '連携をやめる' }).click();
  await physician.getByRole('alertdialog').getByRole('button', { name: '連携をやめる' }).click();
  await expect(physician.getByText('カレンダー連携は使っていません')).toBeVisible();
  expect((await fetch(`${baseURL}${shown.pathname}`)).status).toBe(404);
});
