import type { Consent } from '#api/access.types.ts';
import { describe, expect, it } from 'vitest';
import { inOrder, stateOf, untilOf, whatOf, whomOf } from './scope.ts';

const whole = { facilities: null, profession_groups: null, kinds: null, sensitive: [], separate: [] };

describe('the words of a consent', () => {
  it('say that everything is meant when nothing is narrowed', () => {
    expect(whomOf(whole)).toEqual(['ネットワークの全施設の、ケアチームの全職種']);
    expect(whatOf(whole)).toEqual(['ケアに必要な情報すべて（機微な情報を除く）']);
    expect(untilOf(whole)).toBe('撤回されるまで');
  });

  it('name what was chosen, and nothing else', () => {
    const scope = {
      facilities: [
        { id: '1', name: 'みなと訪問看護ステーション' },
        { id: '2', name: '出雲みなと病院' },
      ],
      profession_groups: ['DR', 'NS'],
      kinds: ['vitals', 'medication'],
      valid_until: '2027-03-31',
    };
    expect(whomOf(scope)).toEqual(['みなと訪問看護ステーション、出雲みなと病院の、医師、看護師・助産師']);
    expect(whatOf(scope)).toEqual(['バイタル・観察、処方・残薬・服薬状況']);
    expect(untilOf(scope)).toBe('2027年3月31日まで');
  });

  it('name each sensitive subject, and the family among those who see', () => {
    const scope = { ...whole, sensitive: ['psychiatry', 'finances'], separate: ['FM', 'CM'] };
    expect(whomOf(scope)[1]).toBe('あわせて ご家族');
    expect(whatOf(scope)[0]).toBe('ケアに必要な情報すべて');
    expect(whatOf(scope).slice(1)).toEqual([
      '機微な情報のうち、精神科、経済状況',
      '限られた人だけに見せる内容（医療職のみの投稿など）を、ケアマネジャーにも',
    ]);
  });

  it('do not take an empty choice for everything', () => {
    expect(whomOf({ ...whole, facilities: [] })).toEqual(['だれにも見せません']);
    expect(whatOf({ ...whole, kinds: [] })).toEqual(['何も見せません']);
  });

  it('show a code that is newer than this app as it is', () => {
    expect(whatOf({ ...whole, kinds: ['dreams'] })).toEqual(['dreams']);
  });
});

const consent = (granted_on: string, more: Partial<Consent> = {}): Consent => ({
  id: granted_on,
  granted_on,
  granted_by: 'patient',
  method: 'paper',
  recorded_at: `${granted_on}T00:00:00Z`,
  recorded_by: '中島 涼',
  sensitive: [],
  separate: [],
  evidence: [],
  standing: true,
  ...more,
});

describe('the state of a consent', () => {
  it('changes after its last day', () => {
    expect(stateOf(consent('2026-01-01', { valid_until: '2026-11-21' }), '2026-11-21')).toBe('standing');
    expect(stateOf(consent('2026-01-01', { valid_until: '2026-11-20' }), '2026-11-21')).toBe('expired');
    expect(stateOf(consent('2026-01-01', { withdrawn_at: '2026-02-01T00:00:00Z' }))).toBe('withdrawn');
  });

  it('puts what stands first', () => {
    const list = [
      consent('2026-05-01', { withdrawn_at: '2026-06-01T00:00:00Z' }),
      consent('2026-01-01'),
      consent('2026-03-01'),
    ];
    expect(inOrder(list).map(({ id }) => id)).toEqual(['2026-03-01', '2026-01-01', '2026-05-01']);
  });
});
