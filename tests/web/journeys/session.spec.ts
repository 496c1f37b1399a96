import { expect, type Page } from '@playwright/test';
import { openPatient, people, signIn, test, unique, write } from '../support/people.ts';

/** How many sealed things the device holds. */
function kept(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const request = indexedDB.open('tsumugi');
    const db = await new Promise<IDBDatabase>((resolve) => (request.onsuccess = () => resolve(request.result)));
    const count = (name: string) =>
      new Promise<number>((resolve) => {
        const asked = db.transaction(name).objectStore(name).count();
        asked.onsuccess = () => resolve(asked.result);
      });
    const counts = await Promise.all([...db.objectStoreNames].map(count));
    db.close();
    return counts.reduce((sum, each) => sum + each, 0);
  });
}

test('after signing out the device holds nothing that can be opened', async ({ signedIn }) => {
  const manager = await signedIn('care_manager');
  await openPatient(manager);
  await manager.getByRole('link', { name: '設定' }).click();
  await manager.getByRole('button', { name: 'サインアウト' }).click();
  await expect(manager.getByRole('button', { name: 'サインイン', exact: true })).toBeVisible();
  expect(await kept(manager)).toBe(0);
});

for (const [network, wait] of [['slow', 1_000], ['very slow', 4_000]] as const)
  test(`signing out on a page that has just been opened signs out, however ${network} the network`, async ({ signedIn }) => {
    const manager = await signedIn('care_manager');
    await manager.goto('/settings');
    await manager.route('**/v1/sessions/refresh', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, wait));
      await route.continue();
    });
    const renewed = manager.waitForResponse('**/v1/sessions/refresh');
    const ended = manager.waitForResponse(
      (response) => response.request().method() === 'DELETE' && response.status() === 204,
    );
    await manager.reload();
    await manager.getByRole('button', { name: 'サインアウト' }).click();
    await Promise.all([renewed, ended]);
    await expect(manager.getByRole('button', { name: 'サインイン', exact: true })).toBeVisible();
    expect(await kept(manager)).toBe(0);
  });

/** Someone else goes on with a copy of this device's session; the server notices when the device returns. */
test('a session that was taken away takes everything from the device', async ({ signedIn, baseURL }) => {
  const manager = await signedIn('care_manager');
  await openPatient(manager);
  const [first] = (await manager.context().cookies()).filter(({ httpOnly }) => httpOnly);
  const renew = async (cookie: string) => {
    const headers = { 'Content-Type': 'application/json', Cookie: cookie };
    const response = await fetch(`${baseURL}/v1/sessions/refresh`, { method: 'POST', headers, body: '{}' });
    return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  };
  const second = await renew(`${first?.name}=${first?.value}`);
  await renew(second);
  await manager.reload();
  await expect(manager.getByText('この端末に保存していた内容は消去しました')).toBeVisible();
  expect(await kept(manager)).toBe(0);
});

test('a session that ran out keeps what was written', async ({ signedIn }) => {
  const draft = unique('書きかけの記録');
  const nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  await write(nurse, draft);
  await nurse.waitForTimeout(600);
  await nurse.route('**/v1/sessions/refresh', (route) =>
    route.fulfill({ status: 401, contentType: 'application/problem+json', json: { code: 'token_expired' } }),
  );
  await nurse.reload();
  await expect(nurse.getByText('書きかけの文章は端末に残っています')).toBeVisible();
  await nurse.unroute('**/v1/sessions/refresh');
  await signIn(nurse, people.visiting_nurse);
  await openPatient(nurse);
  await expect(nurse.getByRole('textbox', { name: '投稿を書く' })).toHaveValue(draft);
});
