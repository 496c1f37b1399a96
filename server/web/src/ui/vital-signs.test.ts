import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { vitalSigns } from './vital-signs.ts';

interface Published {
  code: string;
  digits: number;
  possible: [number, number];
  usual: [number, number];
  codes?: number[];
}

test('the signs are those of the published catalogue', () => {
  const catalogue = JSON.parse(readFileSync('../../schema/vital-signs.json', 'utf8')) as {
    signs: Published[];
  };
  expect(
    vitalSigns.map(({ key, digits, hard, usual, codes }) => ({
      code: key,
      digits,
      possible: hard,
      usual,
      codes,
    })),
  ).toEqual(
    catalogue.signs.map(({ code, digits, possible, usual, codes }) => ({
      code,
      digits,
      possible,
      usual,
      codes,
    })),
  );
});
