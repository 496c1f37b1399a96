import { expect, type Page } from '@playwright/test';
import { openPatient, patient, people, signIn, test, unique, write } from '../support/people.ts';

/** The administrator registers a tablet, and it is enrolled with the code. */
async function enrol(administrator: Page, tablet: Page, name: string): Promise<void> {
  await administrator.goto('/devices');
  await administrator.getByRole('button', { name: '端末を登録' }).click();
  const dialog = administrator.getByRole('dialog', { name: '端末を登録' });
  await dialog.getByLabel('端末の名前').fill(name);
  await dialog.getByRole('button', { name: '端末を登録' }).click();
  const shown = administrator.getByRole('dialog', { name: '端末の登録コード' });
  const code = /[A-Z0-9]{4}-[A-Z0-9]{4}/.exec((await shown.textContent()) ?? '')?.[0] ?? '';
  await tablet.goto('/devices/enrol');
  await tablet.getByLabel('地域ネットワーク').fill(people.visiting_nurse.login.split('@')[1] ?? '');
  await tablet.getByLabel('登録コード', { exact: true }).fill(code);
  await tablet.getByRole('button', { name: '登録する' }).click();
  await expect(tablet.getByText(`「${name}」として登録しました`)).toBeVisible();
}

async function choosePin(tablet: Page, pin: string): Promise<void> {
  const dialog = tablet.getByRole('dialog', { name: '交代用のPINを決めてください' });
  await expect(dialog).toBeVisible();
  for (let round = 0; round < 2; round++) {
    for (const digit of pin) await dialog.getByRole('button', { name: digit, exact: true }).click();
  }
  await expect(dialog).toHaveCount(0);
}

async function handOver(tablet: Page): Promise<void> {
  await tablet.getByRole('button', { name: /交代する/ }).filter({ visible: true }).click();
  await expect(tablet.getByText('お名前を押してください')).toBeVisible();
}

/** Keys that still open something, and sealed answers, on the device. */
function kept(tablet: Page): Promise<{ keys: number; answers: number }> {
  return tablet.evaluate(async () => {
    const request = indexedDB.open('tsumugi');
    const db = await new Promise<IDBDatabase>((resolve) => (request.onsuccess = () => resolve(request.result)));
    const all = (name: string) =>
      new Promise<{ key?: unknown }[]>((resolve) => {
        const asked = db.transaction(name).objectStore(name).getAll();
        asked.onsuccess = () => resolve(asked.result as { key?: unknown }[]);
      });
    const [accounts, answers] = [await all('accounts'), await all('cache')];
    db.close();
    return { keys: accounts.filter(({ key }) => key !== null).length, answers: answers.length };
  });
}

test('two people take turns on a tablet, and neither finds anything of the other', async ({ device, signedIn }) => {
  test.setTimeout(120_000);
  const tablet = await device();
  await enrol(await signedIn('administrator'), tablet, unique('訪問用タブレット'));
  const draft = unique('書きかけの記録');
  await signIn(tablet, people.visiting_nurse);
  await choosePin(tablet, '739184');
  await openPatient(tablet);
  await write(tablet, draft);
  await tablet.evaluate(() => ((window as unknown as { mark: boolean }).mark = true));
  await handOver(tablet);

  // Another document, no key, no answer, no name of a patient.
  expect(await tablet.evaluate(() => (window as unknown as { mark?: boolean }).mark)).toBeUndefined();
  expect(await kept(tablet)).toEqual({ keys: 0, answers: 0 });
  expect(await tablet.content()).not.toContain(patient.name);
  await tablet.goBack().catch(() => null);
  await expect(tablet.getByText('お名前を押してください')).toBeVisible();
  expect(await tablet.content()).not.toContain(patient.name);

  await tablet.getByRole('link', { name: 'ほかの人がサインイン' }).click();
  await signIn(tablet, people.home_helper);
  await choosePin(tablet, '539062');
  expect((await kept(tablet)).keys).toBe(1);
  await handOver(tablet);

  await tablet.getByRole('button', { name: people.visiting_nurse.name }).click();
  await tablet.keyboard.type('000001');
  await expect(tablet.getByRole('alert')).toContainText('PINが違います');
  await tablet.keyboard.type('739184');
  await expect(tablet.getByRole('navigation', { name: 'メニュー' })).toBeVisible();
  await openPatient(tablet);
  await expect(tablet.getByRole('textbox', { name: '投稿を書く' })).toHaveValue(draft);
});

test('after five wrong PINs only a full sign-in helps', async ({ device, signedIn }) => {
  test.setTimeout(120_000);
  const tablet = await device();
  await enrol(await signedIn('administrator'), tablet, unique('訪問用タブレット'));
  await signIn(tablet, people.physician);
  await choosePin(tablet, '739184');
  await handOver(tablet);
  await tablet.getByRole('button', { name: people.physician.name }).click();
  for (let attempt = 1; attempt <= 5; attempt++) {
    await tablet.keyboard.type(`90817${attempt}`);
    const said = attempt < 5 ? `あと${5 - attempt}回間違えると` : 'もう一度、二要素でサインインしてください';
    await expect(tablet.getByText(said)).toBeVisible();
  }
});

test('a tablet that is stopped closes at once', async ({ device, signedIn }) => {
  test.setTimeout(120_000);
  const tablet = await device();
  const administrator = await signedIn('administrator');
  const name = unique('訪問用タブレット');
  await enrol(administrator, tablet, name);
  await signIn(tablet, people.care_manager);
  await choosePin(tablet, '739184');
  await administrator.goto('/devices');
  await administrator.getByRole('button', { name: `停止する：${name}` }).click();
  await administrator.getByRole('alertdialog').getByRole('button', { name: '停止する' }).click();
  await expect(administrator.getByText(`「${name}」を停止しました`)).toBeVisible();
  await tablet.reload();
  await expect(tablet.getByText('この端末の登録は取り消されています')).toBeVisible();
  expect(await kept(tablet)).toEqual({ keys: 0, answers: 0 });
});
