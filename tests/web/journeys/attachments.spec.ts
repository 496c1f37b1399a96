import { expect } from '@playwright/test';
import { loseSignal } from '../support/offline.ts';
import { openPatient, postWith, test, unique, write } from '../support/people.ts';
import { photo } from '../support/photos.ts';

test('a photo goes along with a post, is drawn on, and is seen by the team', async ({ signedIn }) => {
  const text = unique('右踵の写真です');
  const nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  await write(nurse, text);
  const file = { name: '右踵.jpg', mimeType: 'image/jpeg', buffer: await photo(nurse) };
  await nurse.getByTestId('choose-files').setInputFiles(file);
  await expect(nurse.getByRole('list', { name: '添付するファイル' })).toContainText('送信済み');

  await nurse.getByRole('button', { name: '書き込む' }).click();
  const dialog = nurse.getByRole('dialog');
  const canvas = dialog.locator('canvas');
  await dialog.getByRole('button', { name: '丸' }).click();
  await canvas.dragTo(canvas, { sourcePosition: { x: 60, y: 60 }, targetPosition: { x: 180, y: 160 } });
  await dialog.getByRole('button', { name: '書き込みを添付' }).click();
  await nurse.getByRole('button', { name: '投稿する' }).click();

  const helper = await signedIn('home_helper');
  await openPatient(helper);
  const pictures = postWith(helper, text).getByRole('list', { name: '添付ファイル' }).getByRole('img');
  await expect(pictures).toHaveCount(2);
  await expect(postWith(helper, text)).toContainText('書き込みあり');
  await postWith(helper, text).getByRole('button', { name: '右踵.jpgを開く' }).first().click();
  await expect(helper.getByRole('dialog').getByRole('img')).toBeVisible();
  await helper.getByRole('dialog').getByRole('button', { name: '次へ' }).click();
  await expect(helper.getByRole('dialog')).toContainText('2 / 2');
});

test('a photo taken without signal is sent when it returns', async ({ signedIn }) => {
  const text = unique('電波のない所で撮った写真');
  const nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  await write(nurse, text);
  const buffer = await photo(nurse);
  await loseSignal(nurse);
  await nurse.getByTestId('choose-files').setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer });
  await nurse.getByRole('button', { name: '投稿する' }).click();
  await expect(nurse.getByTestId('pending-post').filter({ hasText: text })).toBeVisible();
  await nurse.context().setOffline(false);
  await expect(postWith(nurse, text).getByRole('list', { name: '添付ファイル' })).toBeVisible({ timeout: 30_000 });
  await expect(nurse.getByTestId('pending-post').filter({ hasText: text })).toHaveCount(0);
});

test('what is no photo says so and can be left out', async ({ signedIn }) => {
  const text = unique('読めないファイル');
  const nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  await write(nurse, text);
  const buffer = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
  await nurse.getByTestId('choose-files').setInputFiles({ name: '傷.jpg', mimeType: 'image/jpeg', buffer });
  const list = nurse.getByRole('list', { name: '添付するファイル' });
  await expect(list).toContainText('この種類のファイルは添付できません');
  await list.getByRole('button', { name: '傷.jpgを外す' }).click();
  await nurse.getByRole('button', { name: '投稿する' }).click();
  await expect(postWith(nurse, text)).toBeVisible();
});

test('what is drawn on the photo of a colleague goes with an answer, and the photo stays as it was', async ({ signedIn }) => {
  const question = unique('踵の赤みです。どこまで押さえますか');
  const answer = unique('矢印の範囲を避けてください');
  const nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  await write(nurse, question);
  const file = { name: '左踵.jpg', mimeType: 'image/jpeg', buffer: await photo(nurse) };
  await nurse.getByTestId('choose-files').setInputFiles(file);
  await nurse.getByRole('button', { name: '投稿する' }).click();

  const physician = await signedIn('physician');
  await openPatient(physician);
  const asked = postWith(physician, question);
  await asked.getByRole('button', { name: '左踵.jpgを開く' }).click();
  await physician.getByRole('dialog').getByRole('button', { name: '書き込む' }).click();
  const drawing = physician.getByRole('dialog', { name: '写真に書き込む' });
  const canvas = drawing.locator('canvas');
  await drawing.getByRole('button', { name: '矢印' }).click();
  // The canvas takes the shape of the photo once that is read.
  await expect(canvas).toHaveAttribute('width', '640');
  await canvas.dragTo(canvas, { sourcePosition: { x: 40, y: 40 }, targetPosition: { x: 140, y: 110 } });
  await drawing.getByRole('button', { name: '書き込みを添付' }).click();
  await expect(physician.getByRole('list', { name: '添付するファイル' })).toContainText('送信済み');
  await physician.getByRole('textbox', { name: '投稿を書く' }).fill(answer);
  await physician.getByRole('button', { name: '投稿する' }).click();

  const seen = postWith(nurse, answer);
  await expect(seen).toContainText('書き込みあり');
  await expect(seen.getByRole('blockquote')).toContainText('踵の赤みです');
  await expect(postWith(nurse, question).getByRole('list', { name: '添付ファイル' }).getByRole('img')).toHaveCount(1);
});
