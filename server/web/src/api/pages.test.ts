import { expect, test } from 'vitest';
import { ApiError } from './errors.ts';
import { Pages } from './pages.svelte.ts';

test('pages follow each other', async () => {
  const pages = new Pages<number>((cursor) =>
    Promise.resolve(cursor === null ? { items: [1], next: 'a' } : { items: [2], next: null }),
  );
  await pages.load();
  await pages.more();
  expect([...pages.items]).toEqual([1, 2]);
  expect(pages.next).toBeNull();
});

test('a late answer to an earlier question counts no more', async () => {
  const answers: ((items: number[]) => void)[] = [];
  const pages = new Pages<number>(
    () => new Promise((done) => answers.push((items) => done({ items, next: null }))),
  );
  const [first, second] = [pages.load(), pages.load()];
  answers[1]?.([2]);
  answers[0]?.([1]);
  await Promise.all([first, second]);
  expect([...pages.items]).toEqual([2]);
  expect(pages.loading).toBe(false);
});

test('what could not be read is no list, and the next page that could not be read leaves the list', async () => {
  let fails = false;
  const pages = new Pages<number>(() =>
    fails ? Promise.reject(new ApiError(503, 'unavailable')) : Promise.resolve({ items: [1], next: 'a' }),
  );
  await pages.load();
  fails = true;
  await pages.more();
  expect([...pages.items]).toEqual([1]);
  await pages.load();
  expect(pages.error?.code).toBe('unavailable');
  expect([...pages.items]).toEqual([]);
});
