import type { AccessOverride, Profession } from '#api/access.types.ts';
import { describe, expect, it } from 'vitest';
import { kindsOf, rowsOf, takeable } from './matrix.ts';

const nurse: Profession = {
  ...{ code: 'nurse', ja: '看護師', en: 'Nurse', group: 'NS', licensed: true, based_on: null },
  kinds: { vitals: ['read', 'write'], basic: ['R', 'W'], care_certification: ['r'], dreams: ['read'] },
};
const auditor: Profession = {
  ...{ code: 'auditor', ja: '監査者', en: 'Auditor', group: 'AU', licensed: false, based_on: null },
  kinds: { basic: [] },
};
const narrowed = (kind: string, takes: AccessOverride['takes']): AccessOverride => ({
  ...{ id: kind + takes, profession: 'nurse', kind, takes },
  ...{ reason: '会議で決定', created_at: '2026-11-01T00:00:00Z', created_by: '小村 直樹' },
});
const cell = (overrides: AccessOverride[], kind: string) =>
  rowsOf([nurse], overrides, kindsOf([nurse]))[0]?.cells.find((one) => one.kind === kind);

describe('the table of rights', () => {
  it('has the kinds in the order of the catalogue, and unknown ones last', () => {
    expect(kindsOf([nurse])).toEqual(['basic', 'vitals', 'care_certification', 'dreams']);
  });

  it('understands words and letters, and leaves out who has nothing', () => {
    expect(cell([], 'basic')?.has).toEqual(['read', 'write']);
    expect(cell([], 'care_certification')?.has).toEqual(['summary']);
    expect(rowsOf([nurse, auditor], [], ['basic'])).toHaveLength(1);
  });

  it('shows what was taken, until it is taken back', () => {
    expect(cell([narrowed('vitals', 'write')], 'vitals')).toMatchObject({ has: ['read'], taken: ['write'] });
    expect(cell([narrowed('care_certification', 'read')], 'care_certification')?.has).toEqual([]);
    const back = { ...narrowed('vitals', 'write'), removed_at: '2026-11-02T00:00:00Z' };
    expect(cell([back], 'vitals')).toMatchObject({ has: ['read', 'write'], taken: [] });
  });

  it('offers to take only what is there', () => {
    expect(takeable({ kind: 'x', has: ['summary'], taken: [] })).toEqual(['read']);
    expect(takeable({ kind: 'x', has: ['read', 'sign', 'separate'], taken: ['write'] })).toEqual([
      'read',
      'sign',
    ]);
    expect(takeable({ kind: 'x', has: [], taken: [] })).toEqual([]);
  });
});
