import { expect, test } from 'vitest';
import { levelOf, rangeOf } from './heat.ts';

test('the legend says where each level begins and ends', () => {
  for (const max of [1, 3, 40, 1234])
    for (const level of [1, 2, 3, 4]) {
      const range = rangeOf(level, max);
      for (const count of range ?? []) expect(levelOf(count, max)).toBe(level);
    }
  expect(rangeOf(4, 1234)?.[1]).toBe(1234);
  expect(rangeOf(1, 3)).toBeNull();
  expect(levelOf(0, 5)).toBe(0);
});
