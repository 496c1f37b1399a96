import { expect, test } from 'vitest';
import { allWritten } from './text.ts';

test('entries are written one below the other', () => {
  const entry = { post_id: '1', on: '2026-11-03', time: '09:05', item: '訪問報告', text: '変わりなし。' };
  expect(allWritten([entry, { ...entry, time: '10:00' }])).toBe(
    '2026/11/3 09:05 訪問報告\n変わりなし。\n\n2026/11/3 10:00 訪問報告\n変わりなし。',
  );
});
