import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { forgetFile, keepFile, keptFile } from './kept-files.ts';
import { storage } from './storage.ts';
import { vault } from './vault.ts';

const KEY = btoa('k'.repeat(32));

test('a file is kept sealed in pieces, comes back whole, and goes with the person', async () => {
  await vault.open('one', KEY);
  const size = 9 * 1024 * 1024;
  const bytes = new Uint8Array(size).fill(7);
  bytes[size - 1] = 9;
  await keepFile('a', new Blob([bytes]));
  const pieces = await (await storage()).getAll('files');
  expect(pieces).toHaveLength(3);
  const begin = new Uint8Array(pieces[0]?.data ?? new ArrayBuffer(0)).slice(0, 16);
  expect([...begin]).not.toEqual([...bytes.slice(0, 16)]);
  const whole = await keptFile('a', size, 'image/jpeg');
  const back = Buffer.from((await whole?.arrayBuffer()) ?? new ArrayBuffer(0));
  expect(back.equals(Buffer.from(bytes))).toBe(true);

  // Somebody else on the same device has nothing of it; signing out leaves nothing.
  await vault.open('two', KEY);
  expect(await keptFile('a', size, 'image/jpeg')).toBeNull();
  await vault.wipe('one');
  expect(await (await storage()).count('files')).toBe(0);
});

test('what has been sent is forgotten', async () => {
  await vault.open('one', KEY);
  await keepFile('b', new Blob(['x']));
  await forgetFile('b', 1);
  expect(await keptFile('b', 1, 'image/jpeg')).toBeNull();
});
