import { expect, test } from 'vitest';
import { thin, type Point } from './series.ts';

const points = (count: number): Point[] =>
  Array.from({ length: count }, (_, index) => ({
    at: new Date(index * 3_600_000),
    value: (index * 37) % 101,
    postId: String(index),
  }));

test('a short line stays as it is', () => {
  expect(thin(points(400))).toHaveLength(400);
});

test('a long line keeps its order, its lowest and its highest values', () => {
  const all = points(5000);
  const thinned = thin(all);
  expect(thinned.length).toBeLessThanOrEqual(400);
  const values = (some: Point[]) => some.map(({ value }) => value);
  expect(Math.max(...values(thinned))).toBe(Math.max(...values(all)));
  expect(Math.min(...values(thinned))).toBe(Math.min(...values(all)));
  expect(thinned.at(-1)).toBe(all.at(-1));
  const times = thinned.map(({ at }) => at.getTime());
  expect(times).toEqual([...times].sort((one, other) => one - other));
});
