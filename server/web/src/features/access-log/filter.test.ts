import { expect, test } from 'vitest';
import { daysOf, filterFrom, hourSpan, monthSpan, periodOf, searchOf, spanOf, without } from './filter.ts';

const patient = '0190f3a2-0000-7000-8000-000000000001';
const now = new Date('2026-11-30T03:00:00Z');

test('an address says what is looked at, and what is looked at makes the same address', () => {
  const search = `?patient_id=${patient}&outcome=denied&from=2026-11-01`;
  expect(searchOf(filterFrom(new URLSearchParams(search)))).toBe(search);
});

test('what is no condition, or no identifier, is left out', () => {
  expect(filterFrom(new URLSearchParams('?patient_id=x&outcome=&unknown=1'))).toEqual({});
  expect(searchOf({})).toBe('');
});

test('words that were searched for never stand in an address', () => {
  expect(searchOf({ searched: '山田', outcome: 'denied' })).toBe('?outcome=denied');
  expect(filterFrom(new URLSearchParams('?searched=x'))).toEqual({});
});

test('a condition is taken away without the others', () => {
  expect(without({ outcome: 'denied', from: '2026-11-01', to: '2026-11-02' }, 'from', 'to')).toEqual({
    outcome: 'denied',
  });
});

test('quick periods are days in Japan', () => {
  expect(spanOf('week', now)).toEqual({ from: '2026-11-24', to: '2026-11-30' });
  expect(spanOf('month', now)).toEqual({ from: '2026-11-01', to: '2026-11-30' });
  expect(spanOf('lastMonth', now)).toEqual({ from: '2026-10-01', to: '2026-10-31' });
  expect(spanOf('today', new Date('2026-11-30T16:00:00Z'))).toEqual({ from: '2026-12-01', to: '2026-12-01' });
  expect(monthSpan('2028-02').to).toBe('2028-02-29');
});

test('a period is known again', () => {
  expect(periodOf({}, now)).toBe('all');
  expect(periodOf(spanOf('lastMonth', now), now)).toBe('lastMonth');
  expect(periodOf({ from: '2026-11-03' }, now)).toBeNull();
});

test('an hour is one hour of that day in Japan', () => {
  expect(hourSpan('2026-11-30', 2)).toEqual({
    from: '2026-11-29T17:00:00.000Z',
    to: '2026-11-29T17:59:59.999Z',
  });
});

test('the days of a weekday are found from the latest', () => {
  expect(daysOf(0, '2026-11-01', '2026-11-30', 9)).toEqual([
    '2026-11-30',
    '2026-11-23',
    '2026-11-16',
    '2026-11-09',
    '2026-11-02',
  ]);
  expect(daysOf(6, '2026-11-28', '2026-11-30', 9)).toEqual(['2026-11-29']);
  expect(daysOf(2, '2026-11-28', '2026-11-30', 9)).toEqual([]);
});
