import { expect, test } from 'vitest';
import '#i18n/parts/posts.ts';
import { textChange, valueChanges } from './changes.ts';

const join = (kind: string, parts: { text: string; kind: string }[]) =>
  parts
    .filter((part) => part.kind === 'same' || part.kind === kind)
    .map((part) => part.text)
    .join('');

test('what was added and removed gives both texts back', () => {
  const pairs: [string, string][] = [
    ['右踵に発赤あり。様子をみます。', '左踵に発赤あり。明日、皮膚科に相談します。'],
    ['', '新しい文章\n二行目'],
    ['血圧 132/78', '血圧 134/78'],
    ['同じ', '同じ'],
    ['改行\nあり\n\n', '改行\nなし'],
  ];
  for (const [old, now] of pairs) {
    const parts = textChange(old, now);
    expect(join('removed', parts)).toBe(old);
    expect(join('added', parts)).toBe(now);
  }
});

test('a changed word is told as a word', () => {
  const parts = textChange('右踵に発赤あり', '左踵に発赤あり');
  expect(parts.some((part) => part.kind === 'same' && part.text.includes('発赤'))).toBe(true);
});

test('values are told one by one', () => {
  expect(valueChanges({ systolic: 132, pulse: 70 }, { systolic: 134, pulse: 70 })).toHaveLength(1);
  expect(valueChanges({ pulse: 70 }, { spo2: 97 })).toHaveLength(2);
  expect(valueChanges(null, null)).toEqual([]);
});
