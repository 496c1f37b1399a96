import { expect } from '@playwright/test';
import { openPatient, people, postWith, test, unique, write } from '../support/people.ts';

test('a care manager confirms what was asked, and the nurse sees it; the answer quotes the question', async ({ signedIn }) => {
  const question = unique('水分にとろみを付けるか、ご確認ください');
  const nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  await write(nurse, question);
  await nurse.getByRole('button', { name: '確認を依頼する' }).click();
  await nurse.getByRole('button', { name: '全員を選ぶ' }).click();
  await nurse.getByRole('button', { name: '投稿する' }).click();
  await expect(postWith(nurse, question)).toContainText('まだの方');

  const manager = await signedIn('care_manager');
  await openPatient(manager);
  const card = postWith(manager, question);
  await card.getByRole('button', { name: '確認しました' }).click();
  await expect(card.getByText('確認済み')).toBeVisible();
  await expect(postWith(nurse, question).getByText('確認済み')).toBeVisible();

  const answer = unique('ご家族に伝えます');
  await card.getByRole('button', { name: '返信' }).click();
  await manager.getByRole('textbox', { name: '投稿を書く' }).fill(answer);
  await manager.getByRole('button', { name: '投稿する' }).click();
  await expect(postWith(manager, answer).getByRole('blockquote')).toContainText('返信');
});

test('one of a profession is asked by a day; the answer is one tap away among their work', async ({ signedIn }) => {
  const question = unique('カテーテルの交換時期をご確認ください');
  const nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  await write(nurse, question);
  await nurse.getByRole('button', { name: '確認を依頼する' }).click();
  await nurse.getByText('3日以内', { exact: true }).click();
  await nurse.getByRole('group', { name: '職種にお願いする' }).getByText('医師', { exact: true }).click();
  await expect(nurse.getByText('どなたか1人')).toBeVisible();
  await nurse.getByRole('button', { name: '投稿する' }).click();
  const asked = postWith(nurse, question);
  await expect(asked).toContainText('医師のどなたか');
  await expect(asked).toContainText('確認待ち');

  const physician = await signedIn('physician');
  await physician.goto('/work');
  const row = physician.getByRole('listitem').filter({ hasText: question.slice(-9, -1) });
  await expect(row).toContainText('まで');
  await row.getByRole('button', { name: '確認しました' }).click();
  await expect(row).toHaveCount(0);
  await expect(asked).toContainText(`確認済み（${people.physician.name}）`);

  await nurse.goto('/work');
  await nurse.getByText('自分が出した依頼', { exact: true }).click();
  await nurse.getByText('まだの依頼だけ').click();
  const done = nurse.getByRole('listitem').filter({ hasText: question.slice(-9, -1) });
  await expect(done).toContainText('確認済み');
});
