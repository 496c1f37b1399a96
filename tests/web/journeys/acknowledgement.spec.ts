import { expect } from '@playwright/test';
import { openPatient, postWith, test, unique, write } from '../support/people.ts';

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
