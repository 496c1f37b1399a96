/**
 * No text is ever lost, and none is there twice: whatever ends at whatever step of writing and sending — the tab, the
 * network, the server — afterwards the text is a draft, an entry that waits, or a post. Exactly one of the three.
 */
import { expect, type BrowserContext, type Page, type Route } from '@playwright/test';
import { loseSignal } from '../support/offline.ts';
import { openPatient, patient, patientPath, people, signIn, signInWithCode, test, unique, write } from '../support/people.ts';
import { Proxy } from '../support/proxy.ts';

const TIMELINE = '**/v1/patients/*/timeline';
const box = (page: Page) => page.getByRole('textbox', { name: '投稿を書く' });
const send = (page: Page) => page.getByRole('button', { name: '投稿する' });

/** The tab is gone, as when the device runs out of power; then the person opens the app again. */
async function reopen(page: Page, then?: (context: BrowserContext) => Promise<unknown>): Promise<Page> {
  const context = page.context();
  const url = page.url();
  await page.close({ runBeforeUnload: false });
  await then?.(context);
  const again = await context.newPage();
  await again.goto(url);
  await expect(again.getByRole('heading', { level: 1, name: patient.name })).toBeVisible();
  return again;
}

/** In how many places the text is: written and not sent, waiting, with the others. */
async function places(page: Page, text: string): Promise<{ draft: number; waiting: number; posts: number }> {
  const drafted = await page.evaluate((wanted) => {
    const boxes = [...document.querySelectorAll('textarea')];
    return boxes.filter((one) => one.value.includes(wanted)).length;
  }, text);
  return {
    draft: drafted,
    waiting: await page.getByTestId('pending-post').filter({ hasText: text }).count(),
    posts: await page.locator('article[data-post]').filter({ hasText: text }).count(),
  };
}

/** Everything has settled: the text is with the others, once. */
async function isOnePost(page: Page, text: string): Promise<void> {
  await expect.poll(() => places(page, text), { timeout: 25_000 }).toEqual({ draft: 0, waiting: 0, posts: 1 });
  // The server says so as well, and not only this page.
  await page.reload();
  await expect(page.locator('article[data-post]').filter({ hasText: text })).toHaveCount(1);
  expect(await places(page, text)).toEqual({ draft: 0, waiting: 0, posts: 1 });
}

async function isDraft(page: Page, text: string): Promise<void> {
  await expect.poll(() => places(page, text)).toEqual({ draft: 1, waiting: 0, posts: 0 });
}

/** As long as it takes to put a finger on another key, by the clock of the page: a slow machine is slow for both. */
function anotherKey(page: Page): Promise<unknown> {
  return page.evaluate(() => new Promise((done) => setTimeout(done, 100)));
}

/** What was written in a test is not in the way of the next. */
async function clean(page: Page): Promise<void> {
  await box(page).fill('');
  await page.waitForTimeout(200);
}

test('the tab dies while somebody types', async ({ signedIn }) => {
  const text = unique('入力の途中で電源が切れた記録');
  let nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  await nurse.getByRole('button', { name: '投稿を書く' }).click();
  await box(nurse).pressSequentially(text, { delay: 5 });
  await anotherKey(nurse);
  nurse = await reopen(nurse);
  await isDraft(nurse, text);
  await clean(nurse);
});

test('the tab dies when kind, channel and vital signs have been chosen', async ({ signedIn }) => {
  const text = unique('公開範囲を選んだあとの記録');
  let nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  await write(nurse, text);
  await nurse.getByLabel('投稿の種類').selectOption({ label: '訪問報告' });
  await nurse.getByText(/^医療職のみ（\d+人）$/).click();
  await anotherKey(nurse);
  nurse = await reopen(nurse);
  await isDraft(nurse, text);
  await expect(nurse.getByLabel('投稿の種類')).toHaveValue('visit_report');
  await expect(nurse.getByRole('radio', { name: /^医療職のみ/ })).toBeChecked();
  await nurse.locator('.composer').getByRole('button', { name: 'バイタル' }).click();
  await nurse.locator('.composer input[name="temperature"]').fill('36.8');
  await nurse.locator('.composer input[name="pulse"]').fill('72');
  await anotherKey(nurse);
  nurse = await reopen(nurse);
  await isDraft(nurse, text);
  await expect(nurse.locator('.composer input[name="temperature"]')).toHaveValue('36.8');
  await expect(nurse.locator('.composer input[name="pulse"]')).toHaveValue('72');
  await send(nurse).click();
  await isOnePost(nurse, text);
});

test('the tab dies without signal, and the draft is there without signal', async ({ signedIn }) => {
  const text = unique('圏外で書きかけた記録');
  let nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  await loseSignal(nurse);
  await write(nurse, text);
  await anotherKey(nurse);
  nurse = await reopen(nurse);
  await isDraft(nurse, text);
  await send(nurse).click();
  await expect.poll(() => places(nurse, text)).toEqual({ draft: 0, waiting: 1, posts: 0 });
  // While the queue waits, the tab dies twice more: without signal and with it.
  nurse = await reopen(nurse);
  await expect.poll(() => places(nurse, text)).toEqual({ draft: 0, waiting: 1, posts: 0 });
  nurse = await reopen(nurse, (context) => context.setOffline(false));
  await isOnePost(nurse, text);
});

for (const delay of [0, 3, 10, 30, 100])
  test(`the tab dies ${delay} ms after somebody taps send`, async ({ signedIn }) => {
    const text = unique(`送信直後に閉じた記録${delay}`);
    let nurse = await signedIn('visiting_nurse');
    await openPatient(nurse);
    await write(nurse, text);
    await anotherKey(nurse);
    await send(nurse).dispatchEvent('click');
    if (delay > 0) await nurse.waitForTimeout(delay);
    nurse = await reopen(nurse);
    // A draft that stayed is there to be sent; what was on its way arrives by itself.
    await expect
      .poll(async () => {
        const { draft, waiting, posts } = await places(nurse, text);
        return waiting === 0 && draft + posts;
      }, { timeout: 25_000 })
      .toBe(1);
    if ((await places(nurse, text)).draft === 1) await send(nurse).click();
    await isOnePost(nurse, text);
  });

test('the tab dies while a post is on its way, before the server has it', async ({ signedIn }) => {
  const text = unique('送信中に閉じた記録');
  let nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  await write(nurse, text);
  const held = holdPosts(nurse, () => undefined);
  await send(nurse).click();
  await held;
  nurse = await reopen(nurse);
  await isOnePost(nurse, text);
});

test('the tab dies after the server has a post, before the answer is there', async ({ signedIn }) => {
  const text = unique('応答の前に閉じた記録');
  let nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  await write(nurse, text);
  const held = holdPosts(nurse, (route) => route.fetch());
  await send(nurse).click();
  await held;
  nurse = await reopen(nurse);
  await isOnePost(nurse, text);
});

test('the network dies after the server has a post, before the answer is there', async ({ signedIn }) => {
  const text = unique('応答が届かなかった記録');
  const nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  await write(nurse, text);
  let cut = 0;
  await nurse.route(TIMELINE, async (route) => {
    if (route.request().method() !== 'POST' || cut >= 2) return route.continue();
    cut += 1;
    await route.fetch();
    await route.abort('connectionreset');
  });
  await send(nurse).click();
  await isOnePost(nurse, text);
  expect(cut).toBe(2);
});

test('the network dies before a request leaves, and after', async ({ signedIn }) => {
  const text = unique('送信の途中で圏外になった記録');
  const nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  await write(nurse, text);
  const held = holdPosts(nurse, () => undefined);
  await send(nurse).click();
  const route = await held;
  await loseSignal(nurse);
  await route.abort('internetdisconnected');
  await expect.poll(() => places(nurse, text)).toEqual({ draft: 0, waiting: 1, posts: 0 });
  await nurse.unroute(TIMELINE);
  await nurse.context().setOffline(false);
  await isOnePost(nurse, text);
});

test('somebody taps send twice', async ({ signedIn }) => {
  const text = unique('二度押した記録');
  const nurse = await signedIn('visiting_nurse');
  await openPatient(nurse);
  await write(nurse, text);
  await send(nurse).evaluate((button: HTMLButtonElement) => {
    button.click();
    button.click();
  });
  await isOnePost(nurse, text);
});

test('the server dies before, while and after it takes a post', async ({ browser, baseURL }) => {
  const proxy = await Proxy.before(baseURL ?? 'http://localhost:8080');
  const context = await browser.newContext({ baseURL: proxy.url });
  try {
    let nurse = await context.newPage();
    await signInWithCode(nurse, people.visiting_nurse);
    await nurse.goto(patientPath);
    await expect(nurse.getByRole('heading', { level: 1, name: patient.name })).toBeVisible();
    const before = unique('サーバー停止中に書いた記録');
    proxy.down();
    await write(nurse, before);
    await send(nurse).click();
    await expect.poll(() => places(nurse, before)).toEqual({ draft: 0, waiting: 1, posts: 0 });
    proxy.manner = 'open';
    await isOnePost(nurse, before);
    const during = unique('応答の途中でサーバーが止まった記録');
    proxy.manner = 'answerless';
    await write(nurse, during);
    await send(nurse).click();
    await expect.poll(() => proxy.lost).toBeGreaterThan(0);
    proxy.down();
    await nurse.waitForTimeout(300);
    proxy.manner = 'open';
    nurse = await reopen(nurse);
    await isOnePost(nurse, during);
  } finally {
    await context.close();
    await proxy.close();
  }
});

test('a draft of a session that ended is there for its author, and for nobody else on the device', async ({ device }) => {
  const text = unique('途中でサインインが切れた記録');
  const page = await device();
  await signIn(page, people.visiting_nurse);
  await openPatient(page);
  await write(page, text);
  await page.route('**/v1/sessions/refresh', (route) =>
    route.fulfill({ status: 401, contentType: 'application/problem+json', json: { code: 'token_expired' } }),
  );
  await page.reload();
  await expect(page.getByText('書きかけの文章は端末に残っています')).toBeVisible();
  await page.unroute('**/v1/sessions/refresh');
  expect(await sealedText(page)).not.toContain(text);
  await signIn(page, people.physician);
  await openPatient(page);
  await page.getByRole('button', { name: '投稿を書く' }).click();
  expect(await places(page, text)).toEqual({ draft: 0, waiting: 0, posts: 0 });
  await page.goto('/settings');
  await page.getByRole('button', { name: 'サインアウト' }).click();
  await expect(page.getByRole('button', { name: 'サインイン', exact: true })).toBeVisible();
  await signIn(page, people.visiting_nurse);
  await openPatient(page);
  await isDraft(page, text);
  await send(page).click();
  await isOnePost(page, text);
});

/** Holds posts on their way; answers with the first that is held, after `first` was done with it. */
function holdPosts(page: Page, first: (route: Route) => unknown): Promise<Route> {
  return new Promise((resolve) => {
    void page.route(TIMELINE, async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      await first(route);
      resolve(route);
    });
  });
}

/** Everything that the device keeps, as whoever finds the device could read it. */
function sealedText(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const request = indexedDB.open('tsumugi');
    const db = await new Promise<IDBDatabase>((resolve) => (request.onsuccess = () => resolve(request.result)));
    const all = (name: string) =>
      new Promise<unknown[]>((resolve) => {
        const asked = db.transaction(name).objectStore(name).getAll();
        asked.onsuccess = () => resolve(asked.result as unknown[]);
      });
    const found = await Promise.all(['drafts', 'outbox', 'cache'].map(all));
    db.close();
    const decoder = new TextDecoder();
    const bytes = (value: unknown) => (value instanceof ArrayBuffer ? decoder.decode(value) : value);
    return JSON.stringify(found, (_, value: unknown) => bytes(value));
  });
}
