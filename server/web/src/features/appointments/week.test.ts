import '#i18n/parts/appointments.ts';
import { describe, expect, it } from 'vitest';
import type { Due } from './types.ts';
import { byDay, placeOf, wordsOfDue } from './week.ts';

const exchange: Due = {
  kind: 'device_exchange',
  what: '尿道留置カテーテル',
  reply: false,
  on: '2026-12-01',
  overdue: false,
  fact_id: 'fact',
};
const answer: Due = {
  kind: 'answer',
  post_kind: 'note',
  reply: true,
  on: '2026-12-02',
  at: '2026-12-02T08:00:00Z',
  overdue: false,
  post_id: 'post',
};

function daysOf(due: Due[], from: string, now: string): string[] {
  const days = byDay({ items: [], due }, from, 7, now);
  return days.flatMap(({ day, due }) => due.map(() => day));
}

describe('what is due', () => {
  it('stands at its day', () => {
    expect(daysOf([exchange, answer], '2026-11-30', '2026-11-30')).toEqual(['2026-12-01', '2026-12-02']);
  });

  it('stands at today when it is overdue and today is shown', () => {
    const late = { ...exchange, on: '2026-11-20', overdue: true };
    expect(daysOf([late], '2026-11-30', '2026-12-03')).toEqual(['2026-12-03']);
    expect(daysOf([late], '2026-11-16', '2026-12-03')).toEqual(['2026-11-20']);
    expect(daysOf([late], '2026-12-07', '2026-12-03')).toEqual([]);
  });

  it('is said in plain words and found where it is written', () => {
    expect(wordsOfDue(exchange)).toBe('交換予定：尿道留置カテーテル');
    expect(placeOf(exchange)).toBe('#facts');
    expect(wordsOfDue(answer)).toBe('返信の期限');
    expect(wordsOfDue({ ...answer, reply: false })).toBe('確認の期限');
    expect(placeOf(answer)).toBe('#post-post');
  });
});
