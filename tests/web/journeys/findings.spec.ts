import { expect, type Page } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../support/accessibility.ts';
import { patient, patientPath, people, test, unique } from '../support/people.ts';

/** A refusal of this moment, from whose explanation the auditor opens a finding by hand: a finding of its own. */
async function openByHand(auditor: Page, outsider: Page, note: string): Promise<void> {
  await outsider.goto(patientPath);
  await expect(outsider.getByRole('alert')).toBeVisible();
  await auditor.goto('/access-log');
  await auditor.getByRole('button', { name: '拒否のみ' }).click();
  const entry = auditor.getByRole('listitem').filter({ hasText: people.outsider.name }).first();
  await entry.getByRole('link', { name: 'なぜ拒否されたのか' }).click();
  await auditor.getByRole('link', { name: '点検を開く' }).click();
  await expect(auditor.getByText('選んだ記録 1件')).toBeVisible();
  await auditor.getByLabel('開く理由').fill(note);
  await auditor.getByRole('button', { name: '点検を開く' }).click();
  await expect(auditor.getByRole('heading', { level: 1, name: '監査者が開いたもの' })).toBeVisible();
}

async function conclude(page: Page, note: string): Promise<void> {
  await page.getByRole('button', { name: '結論を出して閉じる' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: /^正当/ }).check();
  await dialog.getByLabel('判断の根拠').fill(note);
  await dialog.getByRole('button', { name: '閉じる', exact: true }).last().click();
}

test('the auditor takes a finding on, asks why, reads the answer and concludes', async ({ signedIn }) => {
  test.setTimeout(120_000);
  const auditor = await signedIn('auditor');
  const outsider = await signedIn('outsider');
  await openByHand(auditor, outsider, unique('申し出により確認'));
  await expect(auditor.getByText('ルール', { exact: true })).toHaveCount(0);
  await expect(auditor.getByRole('heading', { name: '根拠となる記録' })).toBeVisible();
  await auditor.getByRole('button', { name: '自分が担当する' }).click();
  await expect(auditor.getByText('自分が担当', { exact: true })).toBeVisible();

  const question = unique('受診の予定がない日の閲覧でした。経緯を教えてください。');
  await auditor.getByRole('button', { name: '本人に理由を尋ねる' }).click();
  await expect(auditor.getByText(/回答期限は .+ になります/)).toBeVisible();
  await auditor.getByRole('dialog').getByLabel('お尋ねの文').fill(question);
  await auditor.getByRole('dialog').getByRole('button', { name: '尋ねる' }).click();
  await expect(auditor.getByText(/本人に尋ねています/)).toBeVisible();

  const answer = unique('電話で相談を受け、担当かどうかを確かめようとした。');
  await outsider.goto('/patients');
  await outsider.getByRole('link', { name: '内容を見て回答する' }).click();
  const card = outsider.getByRole('main').getByRole('listitem').filter({ hasText: question });
  await expect(card.getByText('この記録をご覧になった理由を教えてください')).toBeVisible();
  await expectAccessible(outsider);
  await card.getByLabel('理由').fill(answer);
  await outsider.waitForTimeout(600);
  await outsider.reload();
  await expect(card.getByLabel('理由')).toHaveValue(answer);
  await card.getByRole('button', { name: '回答を送る' }).click();
  await outsider.getByRole('alertdialog').getByRole('button', { name: '回答を送る' }).click();
  await expect(outsider.getByText('回答を送りました')).toBeVisible();

  await auditor.reload();
  await expect(auditor.getByText(answer)).toBeVisible();
  await expectAccessible(auditor);
  await auditor.setViewportSize({ width: 390, height: 844 });
  await expectNoSidewaysScroll(auditor);
  await expectAccessible(auditor);
  const note = unique('電話の記録と一致した');
  await conclude(auditor, note);
  await expect(auditor.getByText(note)).toBeVisible();
  await auditor.getByRole('button', { name: '開き直す' }).click();
  await auditor.getByRole('dialog').getByLabel('開き直す理由').fill('追加の申し出があった');
  await auditor.getByRole('dialog').getByRole('button', { name: '開き直す' }).click();
  await expect(auditor.getByText('追加の申し出があった')).toBeVisible();
  await conclude(auditor, note);
  await expect(auditor.getByRole('button', { name: '開き直す' })).toBeVisible();
});

test('when somebody else was faster, nothing that was typed is lost', async ({ signedIn }) => {
  test.setTimeout(120_000);
  const auditor = await signedIn('auditor');
  const outsider = await signedIn('outsider');
  await openByHand(auditor, outsider, unique('申し出により確認'));
  const note = unique('当直表で確認した');
  await auditor.getByRole('button', { name: '結論を出して閉じる' }).click();
  const dialog = auditor.getByRole('dialog');
  await dialog.getByRole('radio', { name: /^判断できず/ }).check();
  await dialog.getByLabel('判断の根拠').fill(note);

  const other = await auditor.context().newPage();
  await other.goto(auditor.url());
  await other.getByRole('button', { name: '自分が担当する' }).click();
  await expect(other.getByText('自分が担当', { exact: true })).toBeVisible();

  const close = dialog.getByRole('button', { name: '閉じる', exact: true }).last();
  await close.click();
  await expect(dialog.getByText('ほかの方が先に対応しました')).toBeVisible();
  await dialog.getByRole('button', { name: '読み直す' }).click();
  await expect(dialog.getByText('今の状態：担当者あり')).toBeVisible();
  await expect(dialog.getByLabel('判断の根拠')).toHaveValue(note);
  await close.click();
  await expect(auditor.getByRole('dialog')).toHaveCount(0);
  await expect(auditor.getByText(note)).toBeVisible();
});

test('the auditor sees the month at a glance and comes from there to the findings of a rule', async ({ signedIn }) => {
  const auditor = await signedIn('auditor');
  await auditor.getByRole('link', { name: '点検' }).click();
  await expect(auditor.getByRole('heading', { name: /のまとめ/ })).toBeVisible();
  await auditor.getByText('すべて', { exact: true }).click();
  await expect(auditor.getByRole('main').getByRole('listitem').first()).toBeVisible({ timeout: 60_000 });
  const month = auditor.getByRole('heading', { name: /のまとめ/ });
  const current = (await month.textContent()) ?? '';
  await auditor.getByRole('button', { name: '前の月' }).click();
  await expect(month).not.toHaveText(current);
  // What is counted and what is listed come one after the other.
  await auditor.waitForLoadState('networkidle');
  const rule = auditor.getByRole('button', { name: /だけを表示/ }).first();
  const name = ((await rule.textContent()) ?? '').trim();
  await rule.click();
  const row = auditor.getByRole('main').getByRole('listitem').first();
  await expect(row).toContainText(name);
  await row.getByRole('link').click();
  await expect(auditor.getByRole('heading', { level: 1, name })).toBeVisible();
  await auditor.getByRole('link', { name: '許可・拒否の理由を見る' }).first().click();
  await expect(auditor).toHaveURL(/explain/);
});

test('the auditor tunes a rule with a reason, and the version tells what changed', async ({ signedIn }) => {
  const auditor = await signedIn('auditor');
  await auditor.goto('/findings/rules');
  const field = auditor.getByLabel(/1時間の人数/);
  await field.fill('0');
  await auditor.getByRole('button', { name: '変更を確かめて保存' }).click();
  await expect(auditor.getByText('1〜1000の数で入力してください')).toBeVisible();
  const number = 20 + (Date.now() % 900);
  await field.fill(String(number));
  await auditor.getByRole('button', { name: '変更を確かめて保存' }).click();
  const dialog = auditor.getByRole('dialog');
  await expect(dialog.getByText(new RegExp(`→ ${number}`))).toBeVisible();
  const reason = unique('巡回の多い日に見つかりすぎるため');
  await dialog.getByLabel('変更する理由').fill(reason);
  await dialog.getByRole('button', { name: 'ルールを変更する' }).click();
  await expect(auditor.getByText('ルールを変更しました')).toBeVisible();
  await expect(auditor.getByRole('listitem').filter({ hasText: reason })).toContainText(`→ ${number}`);
});

test('a patient is watched from a day on, and is not any more', async ({ signedIn }) => {
  const reason = unique('ご本人の希望');
  const administrator = await signedIn('administrator');
  await administrator.goto('/access-rules');
  await administrator.getByRole('link', { name: '注視対象の患者' }).click();
  await administrator.getByRole('button', { name: '注視対象に加える' }).click();
  const dialog = administrator.getByRole('dialog');
  await dialog.getByLabel('患者のID').fill('1234');
  await dialog.getByLabel('理由').fill(reason);
  await dialog.getByRole('button', { name: '注視対象に加える' }).click();
  await expect(dialog.getByText('IDの形が正しくありません')).toBeVisible();
  await dialog.getByLabel('患者のID').fill(patient.id);
  await dialog.getByRole('button', { name: '注視対象に加える' }).click();
  await expect(administrator.getByRole('listitem').filter({ hasText: reason })).toContainText(patient.id);

  const auditor = await signedIn('auditor');
  await auditor.goto('/findings/watched');
  const row = auditor.getByRole('main').getByRole('listitem').filter({ hasText: reason });
  await expect(row).toContainText(patient.name);
  await row.getByRole('button', { name: '終わりにする' }).click();
  await auditor.getByRole('alertdialog').getByRole('button', { name: '終わりにする' }).click();
  await expect(row).toHaveCount(0);
  await auditor.getByLabel('終わったものも表示する').check();
  await expect(row).toContainText('に終了');
});

test('nobody but auditors sees findings', async ({ signedIn }) => {
  const nurse = await signedIn('visiting_nurse');
  await nurse.goto('/findings');
  await expect(nurse.getByText('監査者のページです')).toBeVisible();
});
