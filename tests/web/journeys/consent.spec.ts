import { expect, type Page } from '@playwright/test';
import { openPatient, test, unique } from '../support/people.ts';

async function sign(page: Page): Promise<void> {
  const pad = page.locator('canvas');
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  if (!box) throw new Error('there is nowhere to sign');
  await page.mouse.move(box.x + 60, box.y + 100);
  await page.mouse.down();
  for (let step = 0; step < 30; step++)
    await page.mouse.move(box.x + 60 + step * 6, box.y + 100 + Math.sin(step / 3) * 40);
  await page.mouse.up();
}

/** From the patient's page, as people go there. */
async function openConsents(page: Page): Promise<void> {
  await openPatient(page);
  await page.getByRole('banner').or(page.locator('main header')).getByRole('button', { name: 'その他の操作' }).click();
  await page.getByRole('menuitem', { name: '同意・同意書' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '同意' })).toBeVisible();
}

test('a consent is signed on the screen, printed and withdrawn', async ({ signedIn }) => {
  const remark = unique('説明のうえ署名をいただいた');
  const page = await signedIn('care_manager');
  await openConsents(page);
  await page.getByRole('link', { name: '同意を記録' }).click();
  await page.getByText('この画面で説明して署名').click();
  await page.getByRole('button', { name: '同意を記録する' }).click();
  await expect(page.getByText('署名をしていただいてください')).toBeVisible();
  await sign(page);
  // A signature stands for what was read out, and for nothing else.
  await page.getByText('収入・借金・生活保護など').click();
  await expect(page.getByText('署名を消しました')).toBeVisible();
  await sign(page);
  await page.getByLabel('備考').fill(remark);
  await page.getByRole('button', { name: '同意を記録する' }).click();

  const card = page.getByRole('article').filter({ hasText: remark });
  await expect(card).toContainText('有効');
  await expect(card).toContainText('機微な情報のうち、経済状況');
  await card.getByRole('button', { name: /署名・画像/ }).click();
  await expect(page.getByRole('img', { name: '同意の控えの画像' })).toBeVisible();
  await page.keyboard.press('Escape');

  await card.getByRole('link', { name: '同意書' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '個人情報の共有に関する同意書' })).toBeVisible();
  await expect(page.getByRole('button', { name: '印刷する' })).toBeVisible();
  await page.getByRole('link', { name: '同意', exact: true }).click();

  await card.getByRole('button', { name: '撤回' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('止まること');
  await expect(dialog).toContainText('残ること');
  await dialog.getByLabel('撤回の理由').fill('考えが変わったため');
  await dialog.getByRole('button', { name: '撤回を記録する' }).click();
  await expect(card).toContainText('考えが変わったため');
  await expect(card.getByRole('button', { name: '撤回' })).toHaveCount(0);
});

test('the blank form is printed before it is signed on paper', async ({ signedIn }) => {
  const page = await signedIn('care_manager');
  await openConsents(page);
  await page.getByRole('link', { name: '同意を記録' }).click();
  await page.getByRole('button', { name: '署名用の同意書を印刷' }).click();
  await expect(page.getByRole('article')).toContainText('個人情報の共有に関する同意書');
  await page.getByRole('button', { name: '戻る' }).click();
  await expect(page.getByRole('button', { name: '同意を記録する' })).toBeVisible();
});
