import { expect } from '@playwright/test';
import { openPatient, people, postWith, test, unique, write } from '../support/people.ts';

test('what a nurse entered for the physician is given back, put right and approved', async ({ signedIn }) => {
  const text = unique('電話で指示あり：フロセミドを半錠に');
  const nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  await write(nurse, text);
  await nurse.getByRole('button', { name: 'そのほかの項目' }).click();
  const whom = nurse.getByLabel('誰の代わりに入力しますか');
  await whom.selectOption({ label: `${people.physician.name}（医師）` });
  await nurse.getByRole('button', { name: '投稿する' }).click();
  const mine = postWith(nurse, text);
  await expect(mine).toContainText(`${people.physician.name} さんの代行入力`);
  await expect(mine).toContainText('承認待ち');

  const physician = await signedIn('physician');
  await physician.goto('/patients');
  await physician.getByRole('link', { name: '確かめる' }).click();
  await expect(physician.getByRole('heading', { level: 1, name: '代行入力の承認' })).toBeVisible();
  const row = physician.getByRole('article').filter({ hasText: text });
  await row.getByRole('button', { name: '差し戻す' }).click();
  const dialog = physician.getByRole('dialog');
  await dialog.getByRole('button', { name: '差し戻す' }).click();
  await expect(dialog).toContainText('直してほしいことを書いてください');
  await dialog.getByLabel('直してほしいこと').fill('朝だけ半錠です');
  await dialog.getByRole('button', { name: '差し戻す' }).click();
  await expect(mine).toContainText('朝だけ半錠です');

  await mine.getByRole('button', { name: 'その他の操作' }).click();
  await nurse.getByRole('menuitem', { name: '編集する' }).click();
  await nurse.getByLabel('本文').fill(`${text} 朝のみ`);
  await nurse.getByLabel('編集の理由').fill('指示のとおりに');
  await nurse.getByRole('button', { name: '編集を保存' }).click();
  await expect(mine).toContainText('承認待ち');

  await expect(row).toContainText('朝のみ');
  await row.getByRole('button', { name: '承認する' }).click();
  await expect(mine).toContainText('承認済み');
  await expect(row).toHaveCount(0);
});
