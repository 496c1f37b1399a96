import { expect, test } from 'vitest';
import { extended, isSeen, type Stroke } from './drawing.ts';

const at = (x: number, y: number) => ({ x, y });

test('an arrow keeps its beginning and its end, a line everything between', () => {
  for (const [tool, count] of [
    ['arrow', 2],
    ['circle', 2],
    ['line', 3],
  ] as const) {
    const begun: Stroke = { tool, places: [at(0, 0)] };
    const drawn = extended(extended(begun, at(0.3, 0.1)), at(0.5, 0.5));
    expect(drawn.places).toHaveLength(count);
    expect(drawn.places.at(-1)).toEqual(at(0.5, 0.5));
  }
});

test('a mere touch is nothing', () => {
  expect(isSeen({ tool: 'arrow', places: [at(0.5, 0.5)] })).toBe(false);
  expect(isSeen({ tool: 'arrow', places: [at(0.5, 0.5), at(0.502, 0.5)] })).toBe(false);
  expect(isSeen({ tool: 'arrow', places: [at(0.5, 0.5), at(0.6, 0.5)] })).toBe(true);
});
