import { expect, type Page } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../support/accessibility.ts';
import { condition, entries, history, pick } from '../support/access-log.ts';
import { openPatient, patient, people, signIn, test, type Viewport, withPasskey } from '../support/people.ts';
import { callAs, newId } from '../support/server.ts';

async function section(auditor: Page, name: string): Promise<void> {
  await auditor.getByRole('navigation', { name: 'アクセスログの区分' }).getByRole('link', { name }).click();
}

test('one tap leads to the whole history of a person, and one to that of a patient', async ({ signedIn }) => {
  const manager = await signedIn('care_manager');
  await openPatient(manager);
  const auditor = await signedIn('auditor');
  const { name } = people.care_manager;
  await pick(auditor, '職員', name);
  await expect(entries(auditor).first()).toContainText(name);
  await entries(auditor).first().getByRole('link', { name: history(name) }).click();
  await expect(auditor).toHaveURL(/\?account_id=/);
  await expect(condition(auditor, `職員：${name}`)).toBeVisible();

  await entries(auditor).getByRole('link', { name: history(patient.name) }).first().click();
  await expect(auditor).toHaveURL(/\?patient_id=[0-9a-f-]{36}$/);
  await expect(condition(auditor, `患者：${patient.name}`)).toBeVisible();
  await expect(entries(auditor).first()).toContainText('目的');
});

test('conditions stand in the address, survive reading it anew, and go one by one', async ({ signedIn }) => {
  const auditor = await signedIn('auditor');
  await auditor.getByRole('button', { name: '7日間' }).click();
  await auditor.getByRole('button', { name: '拒否のみ' }).click();
  await expect(auditor).toHaveURL(/outcome=denied&from=/);
  await expect(entries(auditor).first().getByText('拒否', { exact: true })).toBeVisible();
  await auditor.reload();
  await expect(auditor.getByRole('button', { name: '拒否のみ' })).toHaveAttribute('aria-pressed', 'true');
  await condition(auditor, '結果：拒否').click();
  await expect(auditor).not.toHaveURL(/outcome/);
  await auditor.goBack();
  await expect(condition(auditor, '結果：拒否')).toBeVisible();
  await auditor.getByRole('button', { name: '条件をすべて外す' }).click();
  await expect(auditor).toHaveURL(/\/access-log$/);
});

test('an address that was passed on opens as it was, after signing in', async ({ device }) => {
  const auditor = await device();
  await auditor.goto('/access-log?outcome=denied');
  await expect(auditor).toHaveURL(/sign-in/);
  await signIn(auditor, people.auditor);
  await expect(auditor).toHaveURL(/\/access-log\?outcome=denied$/);
  await expect(condition(auditor, '結果：拒否')).toBeVisible();
});

test('whether somebody searched for a name is asked without the name in the address', async ({ signedIn }) => {
  const auditor = await signedIn('auditor');
  await auditor.getByRole('button', { name: '条件を追加' }).click();
  await auditor.getByLabel('検索された言葉').fill('いない 人');
  await auditor.getByRole('button', { name: 'この条件で表示' }).click();
  await expect(condition(auditor, '検索された言葉：いない 人')).toBeVisible();
  await expect(auditor.getByRole('heading', { name: '当てはまる記録がありません' })).toBeVisible();
  expect(auditor.url()).toMatch(/\/access-log$/);
});

test('an entry is proven on this device, and the proof is a file for others', async ({ signedIn }) => {
  const auditor = await signedIn('auditor');
  await auditor.getByRole('button', { name: '先月' }).click();
  await entries(auditor).first().getByRole('button', { name: '詳しく' }).click();
  await auditor.getByRole('button', { name: '改ざんされていないことの証明' }).click();
  const dialog = auditor.getByRole('dialog', { name: 'この記録の証明' });
  await expect(dialog.getByText('この端末で検算し、一致しました。')).toBeVisible();
  const file = auditor.waitForEvent('download');
  await dialog.getByRole('button', { name: '証明のファイルを保存' }).click();
  expect((await file).suggestedFilename()).toMatch(/\.tlog-proof$/);
});

test('the list goes on where it ended', async ({ signedIn }) => {
  const auditor = await signedIn('auditor');
  await expect(entries(auditor)).toHaveCount(50);
  await auditor.getByRole('button', { name: 'さらに表示' }).click();
  await expect(entries(auditor)).toHaveCount(100);
});

test('a dark hour of the heat map leads to its entries, day by day', async ({ signedIn }) => {
  const auditor = await signedIn('auditor');
  await section(auditor, '傾向');
  await auditor.getByRole('button', { name: '先月' }).click();
  const table = auditor.getByRole('table', { name: '曜日と時間帯' });
  await table.getByRole('button', { name: /水曜日 11時台/ }).click();
  const dialog = auditor.getByRole('dialog', { name: '水曜日 11時台の記録' });
  const day = dialog.getByRole('link').first();
  await expect(dialog.getByRole('listitem').first()).toContainText(/[1-9]\d*件/);
  await day.click();
  await expect(auditor).toHaveURL(/\/access-log\?from=.*T02%3A00/);
  await expect(entries(auditor).first().locator('time')).toHaveText(/^11:/);
});

test('counts lead to the entries behind them', async ({ signedIn }) => {
  const auditor = await signedIn('auditor');
  await section(auditor, '傾向');
  await auditor.getByRole('list', { name: '職種' }).getByRole('link', { name: '看護師' }).click();
  await expect(condition(auditor, '職種：看護師')).toBeVisible();
  await expect(entries(auditor).first()).toContainText('看護師');
});

test('an export asks who one is, takes the conditions along, and is on record', async ({ signedIn }) => {
  const auditor = await signedIn('auditor');
  await auditor.getByRole('button', { name: '拒否のみ' }).click();
  await section(auditor, '書き出し');
  await expect(condition(auditor, '結果：拒否')).toBeVisible();
  const stale = { status: 403, contentType: 'application/problem+json', json: { code: 'step_up_required' } };
  await auditor.route('**/v1/access-log/export*', (route) => route.fulfill(stale), { times: 1 });
  const file = auditor.waitForEvent('download');
  await auditor.getByRole('button', { name: /件を書き出す/ }).click();
  const dialog = auditor.getByRole('dialog', { name: 'ご本人の確認' });
  await withPasskey(auditor, people.auditor, async () => {
    await dialog.getByRole('button', { name: 'パスキーで確認する' }).click();
    await expect(auditor.getByText('完了の記録と一致しました')).toBeVisible();
  });
  expect((await file).suggestedFilename()).toMatch(/^access-log-.*\.csv$/);
});

test('the report of a month is a PDF; what the printer says is told', async ({ signedIn }) => {
  const auditor = await signedIn('auditor');
  await section(auditor, '月次報告');
  const path = '**/v1/access-log/reports/*';
  const busy = { status: 503, contentType: 'application/problem+json', json: { code: 'print_busy' } };
  await auditor.route(path, (route) => route.fulfill(busy), { times: 1 });
  const latest = auditor.getByRole('list', { name: '報告する月' }).getByRole('listitem').first();
  await expect(latest.getByText('途中経過', { exact: true })).toBeVisible();
  await latest.getByRole('button').click();
  await expect(auditor.getByText('印刷が混み合っています')).toBeVisible();
  const paper = { contentType: 'application/pdf', body: '%PDF-1.7' };
  await auditor.route(path, (route) => route.fulfill(paper), { times: 1 });
  const file = auditor.waitForEvent('download');
  await latest.getByRole('button').click();
  expect((await file).suggestedFilename()).toMatch(/^access-log-\d{4}-\d\d\.pdf$/);
  await expect(auditor.getByText('の報告書を保存しました。')).toBeVisible();
});

test('maintenance is held against its plan', async ({ signedIn }) => {
  const administrator = await callAs(people.administrator, 'HSYSADMIN');
  const facilities = await administrator.get<{ items: { id: string }[] }>('/v1/facilities');
  const plan = `WP-${crypto.randomUUID().slice(0, 8)}`;
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo' }).format(new Date());
  await administrator.post('/v1/staff-members', {
    id: newId(),
    facility_id: facilities.items[0]?.id,
    name: '保守 一郎',
    kana: 'ホシュ　イチロウ',
    profession: 'support',
    work_plan: plan,
    starts_on: today,
    ends_on: today,
  });
  const auditor = await signedIn('auditor');
  await section(auditor, '保守作業');
  await auditor.getByLabel('作業計画番号').fill(plan);
  await auditor.getByRole('button', { name: 'この条件で表示' }).click();
  const grant = auditor.getByRole('listitem').filter({ hasText: plan });
  await expect(grant).toContainText('保守 一郎');
  await expect(grant).toContainText('許可した期間に、操作はありません。');
});

test('whoever is no auditor is told so', async ({ signedIn }) => {
  const nurse = await signedIn('visiting_nurse');
  await nurse.goto('/access-log');
  await expect(nurse.getByRole('alert')).toContainText('あなたの職種・権限では行えません');
  await expect(entries(nurse)).toHaveCount(0);
});

const phone: Viewport = { width: 390, height: 844 };
for (const viewport of [undefined, phone]) {
  const device = viewport ? 'a phone' : 'a tablet';
  test(`axe finds nothing in what opens on the pages of the log on ${device}`, async ({ signedIn }) => {
    test.setTimeout(120_000);
    const auditor = await signedIn('auditor', viewport);
    await auditor.getByRole('button', { name: '緊急時のみ' }).click();
    await expect(condition(auditor, '緊急時アクセスのみ')).toBeVisible();
    // The list of before stays until the new one is there.
    await expect(entries(auditor).first()).toContainText('緊急時');
    await entries(auditor).first().getByRole('button', { name: '詳しく' }).click();
    await expectAccessible(auditor);
    await expectNoSidewaysScroll(auditor);
    await auditor.getByRole('button', { name: '改ざんされていないことの証明' }).click();
    await expect(auditor.getByText('この端末で検算し、一致しました。')).toBeVisible();
    await expectAccessible(auditor);
    await auditor.keyboard.press('Escape');
    await auditor.getByRole('button', { name: '条件を追加' }).click();
    await expectAccessible(auditor);
    await auditor.keyboard.press('Escape');
    await section(auditor, '傾向');
    await auditor.getByRole('table').getByRole('button').first().click();
    await expect(auditor.getByRole('dialog')).toBeVisible();
    await expectAccessible(auditor);
  });
}
