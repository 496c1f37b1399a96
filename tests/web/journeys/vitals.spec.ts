import { expect } from '@playwright/test';
import { openPatient, postWith, test, unique } from '../support/people.ts';

test('a nurse records vitals and the open page of the care manager shows them without reload', async ({ signedIn }) => {
  const manager = await signedIn('care_manager');
  await openPatient(manager);
  await manager.evaluate(() => ((window as unknown as { mark: boolean }).mark = true));

  const note = unique('落ち着いておられます');
  const nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  await nurse.getByRole('button', { name: 'バイタル', exact: true }).click();
  await nurse.getByLabel('体温').fill('３６．６');
  await nurse.getByLabel('血圧（上）').fill('128');
  await nurse.getByLabel('血圧（下）').fill('76');
  await nurse.getByLabel('SpO₂').fill('97');
  await nurse.getByRole('textbox', { name: '投稿を書く' }).fill(note);
  await nurse.getByRole('button', { name: '投稿する' }).click();

  const card = postWith(manager, note);
  await expect(card).toContainText('128/76');
  await expect(card).toContainText('36.6');
  expect(await manager.evaluate(() => (window as unknown as { mark?: boolean }).mark)).toBe(true);
});

test('an unusual value is asked about, an impossible one is refused with a suggestion', async ({ signedIn }) => {
  const nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  await nurse.getByRole('button', { name: 'バイタル', exact: true }).click();
  await nurse.getByLabel('体温').fill('365');
  await nurse.getByRole('button', { name: '36.5 に直す' }).click();
  await expect(nurse.getByLabel('体温')).toHaveValue('36.5');
  await nurse.getByLabel('脈拍').fill('132');
  await expect(nurse.getByText('脈拍 132 回/分 でよろしいですか')).toBeVisible();
  await nurse.getByRole('button', { name: 'この値で正しい' }).click();
  await expect(nurse.getByText('でよろしいですか')).toBeHidden();
});
