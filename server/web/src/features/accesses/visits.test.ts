import { describe, expect, it } from 'vitest';
import type { AccessLine } from '#api/proof.types.ts';
import { eraYearOf, monthAfter, monthsBefore } from './months.ts';
import { visitsOf } from './visits.ts';

function line(id: string, at: string, more: Partial<AccessLine> = {}): AccessLine {
  return {
    id,
    at,
    class: 'seen',
    what_ja: '記録・連絡を見た',
    what_en: 'saw an entry',
    refused: false,
    who: { kind: 'staff', organization: 'ひかり訪問看護', profession: 'nurse' },
    purpose: 'TREAT',
    purpose_ja: '診療・看護・介護のため',
    purpose_en: 'Treatment',
    provable: true,
    ...more,
  };
}

describe('visits', () => {
  it('are what the same people did in one go', () => {
    const visits = visitsOf([
      line('c', '2026-11-21T05:09:00Z'),
      line('b', '2026-11-21T05:00:00Z'),
      line('a', '2026-11-21T03:00:00Z'),
    ]);
    expect(visits.map(({ lines }) => lines.map(({ id }) => id))).toEqual([['c', 'b'], ['a']]);
  });

  it('never hide a refusal or an emergency among other lines', () => {
    const visits = visitsOf([
      line('c', '2026-11-21T05:02:00Z', { refused: true }),
      line('b', '2026-11-21T05:01:00Z', {
        emergency: { category: 'transport', ja: '救急搬送', en: 'Transport' },
      }),
      line('a', '2026-11-21T05:00:00Z'),
    ]);
    expect(visits).toHaveLength(3);
  });

  it('end with the day in Japan', () => {
    const visits = visitsOf([line('b', '2026-11-20T15:01:00Z'), line('a', '2026-11-20T14:59:00Z')]);
    expect(visits.map(({ day }) => day)).toEqual(['2026-11-21', '2026-11-20']);
  });
});

describe('months', () => {
  it('go over the end of a year', () => {
    expect(monthAfter('2026-01', -1)).toBe('2025-12');
    expect(monthAfter('2025-12', 1)).toBe('2026-01');
  });

  it('reach back as long as the log is kept', () => {
    const months = monthsBefore(new Date('2026-11-30T16:00:00Z'));
    expect([months[0], months.at(-1)]).toEqual(['2026-12', '2016-12']);
  });

  it('are told in both eras', () => {
    expect(eraYearOf('2026-11')).toBe('令和8年');
  });
});
