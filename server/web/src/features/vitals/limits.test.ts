import { expect, test } from 'vitest';
import { rangesOf, textsOf } from './limits.ts';

test('what is typed is a range of a sign', () => {
  const texts = textsOf(null);
  texts['temperature'] = { low: '', high: '３７．５' };
  texts['spo2'] = { low: '92', high: '' };
  expect(rangesOf(texts)).toEqual({
    limits: { temperature: { low: null, high: 37.5 }, spo2: { low: 92, high: null } },
    wrong: [],
  });
});

test('what makes no sense is named', () => {
  const texts = textsOf(null);
  texts['pulse'] = { low: '110', high: '50' };
  texts['weight'] = { low: 'x', high: '' };
  texts['systolic'] = { low: '5', high: '' };
  expect(rangesOf(texts).wrong).toEqual(['systolic', 'pulse', 'weight']);
});
