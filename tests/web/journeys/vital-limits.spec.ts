import { expect } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../support/accessibility.ts';
import { openPatient, postWith, test, unique, type Viewport } from '../support/people.ts';

const shapes: [string, Viewport][] = [
  ['tablet', { width: 1180, height: 820 }],
  ['phone', { width: 390, height: 844 }],
];

for (const [shape, viewport] of shapes)
  test(`a value outside the limits that the physician set is told as an urgent change, on a ${shape}`, async ({ signedIn }) => {
    const physician = await signedIn('physician', viewport);
    await openPatient(physician);
    await physician.getByRole('tab', { name: 'バイタル' }).click();
    await physician.getByRole('button', { name: /基準を(設定|変更)/ }).click();
    const dialog = physician.getByRole('dialog', { name: '連絡の基準' });
    await dialog.getByLabel('体温：下限').fill('３８');
    await dialog.getByLabel('体温：上限').fill('37.5');
    await dialog.getByRole('button', { name: '基準を保存' }).click();
    await expect(dialog.getByRole('alert')).toContainText('赤枠の値を確かめてください');
    await dialog.getByLabel('体温：下限').fill('35');
    const instruction = unique('主治医に電話');
    await dialog.getByLabel('基準を外れたときの対応').fill(instruction);
    await expectAccessible(physician);
    await expectNoSidewaysScroll(physician);
    await dialog.getByRole('button', { name: '基準を保存' }).click();
    await expect(dialog).toBeHidden();
    await expect(physician.getByText('体温 35.0〜37.5')).toBeVisible();
    await expectAccessible(physician);
    await expectNoSidewaysScroll(physician);

    const nurse = await signedIn('visiting_nurse', viewport);
    await openPatient(nurse);
    await nurse.getByRole('button', { name: 'バイタル', exact: true }).click();
    await nurse.getByLabel('体温').fill('38.2');
    await nurse.getByRole('button', { name: '投稿する' }).click();
    const told = postWith(nurse, instruction);
    await expect(told).toContainText('体温 38.2℃（基準 35.0℃〜37.5℃）');
    await expect(told).toContainText('急な変化');
    await expect(told).not.toContainText('取り消された');
    await expectNoSidewaysScroll(nurse);
  });
