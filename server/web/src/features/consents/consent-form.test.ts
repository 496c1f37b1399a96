import { describe, expect, it } from 'vitest';
import { blankConsent, checkConsent, requestOf, scopeOf } from './consent-form.ts';

const places = [
  { id: 'a', name: '出雲みなと病院' },
  { id: 'b', name: 'みなと薬局' },
];

describe('the form of a consent', () => {
  it('asks for nothing that was left at everything', () => {
    const form = blankConsent('id');
    expect(checkConsent(form)).toEqual({});
    expect(requestOf(form, places)).toMatchObject({
      facilities: null,
      profession_groups: null,
      kinds: null,
      sensitive: [],
      separate: [],
      valid_until: null,
      proxy_name: null,
    });
  });

  it('does not take an empty choice for everything', () => {
    const form = { ...blankConsent('id'), where: 'chosen', who: 'chosen', what: 'chosen' } as const;
    expect(Object.keys(checkConsent(form))).toEqual(['facilities', 'groups', 'kinds']);
    expect(scopeOf(form, places)).toMatchObject({ facilities: [], profession_groups: [], kinds: [] });
  });

  it('forgets what was typed for another giver, and a day that is not asked for', () => {
    const form = { ...blankConsent('id'), proxyName: '中島 一郎', validUntil: '2030-01-01' };
    expect(requestOf(form, places)).toMatchObject({ proxy_name: null, valid_until: null });
  });

  it('wants a last day that is not before the consent', () => {
    const form = { ...blankConsent('id'), period: 'date', validUntil: '2000-01-01' } as const;
    expect(checkConsent(form).validUntil).toBeDefined();
  });

  it('holds a consent that nobody could be asked for to fourteen days, and asks why', () => {
    const form = { ...blankConsent('id'), grantedBy: 'emergency', grantedOn: '2026-11-01' } as const;
    expect(checkConsent(form).note).toBeDefined();
    const explained = { ...form, note: '意識がなく、ご家族とも連絡がつかない' };
    expect(checkConsent(explained)).toEqual({});
    expect(requestOf(explained, places)).toMatchObject({ valid_until: '2026-11-15', replaces: null });
  });
});
