import '#i18n/parts/appointments.ts';
import { describe, expect, it } from 'vitest';
import { firstDay, never, repeatOf, ruleOf, wordsOf, type Repeat } from './recurrence.ts';

const weekly: Repeat = { ...never, every: 'week', days: ['MO', 'TH'] };

describe('a repetition', () => {
  it('begins on the first of its days', () => {
    expect(firstDay(weekly, '2026-12-01')).toBe('2026-12-03');
    expect(firstDay(weekly, '2026-12-07')).toBe('2026-12-07');
    expect(firstDay(never, '2026-12-01')).toBe('2026-12-01');
  });

  it('is a rule', () => {
    expect(ruleOf(never, '2026-12-07')).toBeNull();
    expect(ruleOf(weekly, '2026-12-07')).toBe('FREQ=WEEKLY;BYDAY=MO,TH');
    const second = { ...never, every: 'month_weekday', ends: 'after', count: '6' } as const;
    expect(ruleOf(second, '2026-12-08')).toBe('FREQ=MONTHLY;BYDAY=2TU;COUNT=6');
    expect(ruleOf({ ...never, every: 'month_weekday' }, '2026-12-29')).toBe('FREQ=MONTHLY;BYDAY=-1TU');
    const until = { ...never, every: 'two_weeks', ends: 'on', until: '2027-03-31' } as const;
    expect(ruleOf(until, '2026-12-08')).toBe('FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;UNTIL=20270331');
  });

  it('is found again in its rule', () => {
    for (const rule of [
      'FREQ=WEEKLY;BYDAY=MO,TH',
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;UNTIL=20270331',
      'FREQ=MONTHLY;BYDAY=2TU;COUNT=6',
      'FREQ=MONTHLY;BYMONTHDAY=8',
      'FREQ=DAILY',
    ]) {
      const repeat = repeatOf(rule);
      expect(repeat && ruleOf(repeat, '2026-12-08')).toBe(rule);
    }
    expect(repeatOf('FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=8')).toBeNull();
  });

  it('is said in plain words', () => {
    expect(wordsOf('FREQ=WEEKLY;BYDAY=MO,TH')).toBe('毎週 月・木曜日');
    expect(wordsOf('FREQ=WEEKLY;INTERVAL=2;BYDAY=TU')).toBe('隔週 火曜日');
    expect(wordsOf('FREQ=MONTHLY;BYDAY=2TU;COUNT=6')).toBe('毎月 第2火曜日（6回）');
    expect(wordsOf('FREQ=MONTHLY;BYMONTHDAY=-1')).toBe('毎月 末日');
    expect(wordsOf('FREQ=DAILY;UNTIL=20270331')).toBe('毎日（2027年3月31日まで）');
  });
});
