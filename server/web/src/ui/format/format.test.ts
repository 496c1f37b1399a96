import { describe, expect, it } from 'vitest';
import { addDays, ageOf, briefOf, dateTimeOf, dayKey, endOfDay, eraOf } from './dates.ts';
import { isKana, normalize, parseNumber, toHiragana } from './kana.ts';

describe('dates', () => {
  const now = new Date('2026-11-21T05:00:00Z');
  it('are those of Japan', () => {
    expect(dayKey('2026-11-20T15:30:00Z')).toBe('2026-11-21');
    expect(dateTimeOf('2026-11-21T05:05:00Z')).toBe('11月21日(土) 14:05');
    expect(briefOf('2026-11-21T05:05:00Z', now)).toBe('14:05');
    expect(briefOf('2026-11-19T05:05:00Z', now)).toBe('11/19');
  });
  it('come in both eras', () => {
    expect(eraOf('1938-04-02')).toBe('昭和13年4月2日（1938年）');
    expect(eraOf('2026-11-21')).toBe('令和8年11月21日（2026年）');
  });
  it('are counted in days', () => {
    expect(addDays('2026-11-30', 1)).toBe('2026-12-01');
    expect(endOfDay('2026-11-21')).toBe('2026-11-21T14:59:59.000Z');
  });
});

describe('ages', () => {
  it('change on the birthday in Japan', () => {
    expect(ageOf('1938-11-21', new Date('2026-11-20T14:59:00Z'))).toBe(87);
    expect(ageOf('1938-11-21', new Date('2026-11-20T15:00:00Z'))).toBe(88);
    expect(ageOf('2024-02-29', new Date('2026-02-28T00:00:00Z'))).toBe(1);
  });
});

describe('kana and numbers', () => {
  it('accept what any keyboard gives', () => {
    expect(toHiragana('ﾅｶｼﾞﾏ　ハル')).toBe('なかじま はる');
    expect(normalize('ｓａｔｏ＠ｍｉｎａｔｏ ')).toBe('sato@minato');
    expect(isKana('ヴァイオレット・エー')).toBe(true);
    expect(isKana('中島')).toBe(false);
  });
  it('read numbers', () => {
    expect(parseNumber('３６．５')).toBe(36.5);
    expect(parseNumber('36,5')).toBe(36.5);
    expect(parseNumber('12a')).toBeNull();
    expect(parseNumber('')).toBeNull();
  });
});
