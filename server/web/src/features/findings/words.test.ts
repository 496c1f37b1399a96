import '#i18n/parts/findings.ts';
import type { FindingDetail } from '#api/findings.types.ts';
import { describe, expect, it } from 'vitest';
import { queryOf } from './findings.svelte.ts';
import { linesOf, totalOf } from './summary.ts';
import { actsOf, daysOf, groupsOf, lastMonths, monthAfter, monthBefore, monthName, whomOf } from './words.ts';

const finding: FindingDetail = {
  id: 'f',
  rule: 'same_surname',
  day: '2026-11-21',
  reasons: ['kanji'],
  state: 'open',
  version: 1,
  person: { person_id: 'p', name: '中島 涼' },
  entries: 1,
  first_at: '2026-11-21T05:00:00Z',
  last_at: '2026-11-21T05:00:00Z',
  found_at: '2026-11-21T05:01:00Z',
  found_version: 0,
  rule_version: 0,
  about_caller: false,
  evidence: [],
  steps: [],
  justifications: [],
};
const asked = {
  id: 'q',
  question: '理由を教えてください',
  asked_at: '2026-11-22T05:00:00Z',
  asked_by: '目次 正道',
  due_at: '2026-11-29T05:00:00Z',
  overdue: false,
};

describe('what an auditor may do', () => {
  it('is everything about what is open', () => {
    const acts = { take: true, assign: true, ask: true, close: true, reopen: false, emergency: false };
    expect(actsOf(finding, 'me')).toEqual(acts);
  });

  it('is nothing about oneself, and reopening only what is closed', () => {
    const none = { take: false, assign: false, ask: false, close: false, reopen: false, emergency: false };
    expect(actsOf({ ...finding, about_caller: true }, 'me')).toEqual(none);
    expect(actsOf({ ...finding, state: 'superseded' }, 'me')).toEqual(none);
    expect(actsOf({ ...finding, state: 'closed' }, 'me')).toEqual({ ...none, reopen: true });
  });

  it('is not asking twice, nor closing what ends with another review', () => {
    expect(actsOf({ ...finding, state: 'asked', justifications: [asked] }, 'me').ask).toBe(false);
    const answered = { ...asked, answered_at: '2026-11-23T05:00:00Z' };
    expect(actsOf({ ...finding, state: 'answered', justifications: [answered] }, 'me').ask).toBe(true);
    const emergency = actsOf({ ...finding, rule: 'emergency_unreviewed' }, 'me');
    expect([emergency.close, emergency.emergency]).toEqual([false, true]);
    expect(actsOf({ ...finding, person: null }, 'me').ask).toBe(false);
  });
});

describe('whom a finding is about', () => {
  it('is a person, or what stands in place of one', () => {
    expect(whomOf(finding)).toBe('中島 涼');
    expect(whomOf({ ...finding, person: null, source_ip: '203.0.113.66' })).toBe('接続元 203.0.113.66');
    expect(whomOf({ ...finding, person: null })).toBe('特定の人ではありません');
  });
});

describe('months', () => {
  it('follow each other', () => {
    expect([monthBefore('2026-01'), monthAfter('2026-12'), monthAfter('2026-02')]).toEqual([
      '2025-12',
      '2027-01',
      '2026-03',
    ]);
    expect(daysOf('2028-02')).toEqual({ from: '2028-02-01', to: '2028-02-29' });
    expect(lastMonths(3, '2026-01-31')).toEqual(['2026-01', '2025-12', '2025-11']);
    expect(monthName('2026-01')).toBe('2026年1月');
  });

  it('are filtered by their days', () => {
    const filter = { view: 'mine', state: '', rule: '', month: '2026-11', patientId: '' } as const;
    expect(queryOf(filter, 'me')).toEqual({
      state: 'unfinished',
      assigned_to: 'me',
      from: '2026-11-01',
      to: '2026-11-30',
    });
  });

  it('are counted by rule', () => {
    const none = { open: 0, assigned: 0, asked: 0, answered: 0, unclear: 0, duplicate: 0, superseded: 0 };
    const rules = [
      { ...none, rule: 'no_relation', found: 5, open: 2, justified: 3, not_justified: 0, superseded: 4 },
      { ...none, rule: 'own_family', found: 2, asked: 1, justified: 0, not_justified: 1 },
      { ...none, rule: 'by_hand', found: 0, justified: 0, not_justified: 0 },
    ];
    const lines = linesOf({ month: '2026-11', rules, overdue_justifications: 0 });
    expect(lines.map(({ rule, toDo }) => [rule, toDo])).toEqual([
      ['no_relation', 2],
      ['own_family', 1],
    ]);
    expect(totalOf(lines)).toEqual({ rule: '', found: 7, toDo: 3, justified: 3, notJustified: 1, other: 0 });
  });
});

describe('findings of one rule about one person and day', () => {
  it('stand together when they are beside each other', () => {
    const other = { ...finding, id: 'o', rule: 'own_family' };
    const groups = groupsOf([finding, { ...finding, id: 'g' }, other, { ...finding, id: 'h' }]);
    expect(groups.map((group) => group.map(({ id }) => id))).toEqual([['f', 'g'], ['o'], ['h']]);
  });
});
