import { expect } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../support/accessibility.ts';
import { test, type Viewport } from '../support/people.ts';

const phone: Viewport = { width: 390, height: 844 };

test('how one is told, and when not, is chosen once and kept', async ({ signedIn }) => {
  const helper = await signedIn('home_helper', phone);
  await helper.goto('/settings');
  await helper.getByRole('link', { name: /通知の設定/ }).click();
  await expect(helper.getByRole('heading', { level: 1, name: '通知の設定' })).toBeVisible();
  const quiet = helper.getByLabel('休みの時間帯を決める');
  await expect(helper.getByLabel('1日1回のメールの時刻')).toBeVisible();
  if (!(await quiet.isChecked())) await helper.getByText('休みの時間帯を決める').click();
  await helper.getByLabel('から', { exact: true }).fill('20:30');
  await helper.getByLabel('まで', { exact: true }).fill('06:30');
  await helper.getByLabel('自分宛ての投稿：メール').selectOption({ label: 'すぐに' });
  const push = helper.getByLabel('回覧：端末に通知');
  const told = await push.isChecked();
  await push.setChecked(!told);
  await expectAccessible(helper);
  await expectNoSidewaysScroll(helper);
  await helper.getByRole('button', { name: '保存する' }).click();
  await expect(helper.getByRole('status').filter({ hasText: '保存しました' })).toBeVisible();

  await helper.reload();
  await expect(helper.getByLabel('から', { exact: true })).toHaveValue('20:30');
  await expect(helper.getByLabel('まで', { exact: true })).toHaveValue('06:30');
  await expect(helper.getByLabel('自分宛ての投稿：メール')).toHaveValue('at_once');
  await expect(push).toBeChecked({ checked: !told });
});
