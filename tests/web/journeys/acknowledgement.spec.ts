import { expect, test } from '@playwright/test';
import { openPatient, patientPath, postWith, signedIn, unique, write } from '../support/people.ts';

test('a care manager reads a document, confirms what was asked and replies', async ({ browser }) => {
  const question = unique('水分にとろみを付けるか、ご確認ください');
  const nurse = await signedIn(browser, 'visiting_nurse');
  await openPatient(nurse);
  await write(nurse, question);
  await nurse.getByRole('button', { name: '確認を依頼する' }).click();
  await nurse.getByRole('button', { name: '全員を選ぶ' }).click();
  await nurse.getByRole('button', { name: '投稿する' }).click();
  await expect(postWith(nurse, question)).toBeVisible();

  const manager = await signedIn(browser, 'care_manager');
  await openPatient(manager);
  const card = postWith(manager, question);
  await card.getByRole('button', { name: '確認しました' }).click();
  await expect(card.getByText('確認済み')).toBeVisible();
  await expect(postWith(nurse, question).getByText('確認済み')).toBeVisible();

  const answer = unique('確認しました。ご家族に伝えます');
  await card.getByRole('button', { name: '返信' }).click();
  await manager.getByRole('textbox', { name: '投稿を書く' }).fill(answer);
  await manager.getByRole('button', { name: '投稿する' }).click();
  await expect(postWith(manager, answer).getByRole('blockquote')).toContainText('返信');
  await expect(manager).toHaveURL(new RegExp(patientPath));

  const document = manager.getByRole('link', { name: /文書を開く/ }).first();
  for (let page = 0; page < 20 && !(await document.isVisible()); page++) await manager.mouse.wheel(0, 4000);
  await document.click();
  await expect(manager.getByText('医療機関')).toBeVisible();
  await expect(manager.getByRole('button', { name: '印刷する' })).toBeVisible();
});
