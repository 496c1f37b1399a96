import '#i18n/parts/facts.ts';
import type { Post } from '#api/types.ts';
import { factKind, factKinds } from '#ui/fact-kinds.ts';
import { expect, test } from 'vitest';
import { FactForm } from './form.svelte.ts';
import { designR, guess } from './guess.ts';
import { sections } from './sections.ts';
import { ago, daysUntilExchange, headline, isOld } from './words.ts';
import type { Fact } from './types.ts';

const everything = factKinds.map((kind) => kind.code);

function post(kind: string, body: string): Post {
  return { kind, body, observed_at: '2026-03-01T01:00:00Z' } as Post;
}

test('every kind has its section', () => {
  expect(sections.flatMap((section) => section.kinds).toSorted()).toEqual(everything.toSorted());
});

test('a post tells what it is about', () => {
  expect(
    guess(post('medication', '本日よりアムロジピン錠5mg 1日1回朝食後が始まりました'), everything),
  ).toMatchObject({
    kind: 'medicine',
    value: { name: 'アムロジピン錠5mg', usage: '1日1回朝食後' },
  });
  expect(guess(post('note', '膀胱留置バルーン 16Fr を交換しました'), everything)).toMatchObject({
    kind: 'device',
    value: { device: 'urinary_catheter', size: '16Fr', last_exchanged_on: '2026-03-01' },
  });
  expect(guess(post('wound', '仙骨部 D3-e1s6i0g3n0p0 改善傾向'), everything).kind).toBe('pressure_injury');
  expect(guess(post('wound', '発赤'), ['adl']).kind).toBe('adl');
});

test('DESIGN-R is read in whichever case it was typed', () => {
  expect(designR('d3-E3s6I3cg4N3p0')).toEqual({
    depth: 'D3',
    exudate: 'e3',
    size: 's6',
    inflammation: 'I3C',
    granulation: 'G4',
    necrosis: 'N3',
    pocket: 'p0',
  });
  expect(designR('発赤あり')).toEqual({});
});

test('age is told plainly', () => {
  expect(ago('2026-03-01T00:00:00Z', '2026-03-01')).toBe('今日');
  expect(ago('2026-02-20T00:00:00Z', '2026-03-01')).toBe('9日前');
  expect(ago('2025-11-25T00:00:00Z', '2026-03-01')).toBe('3か月前');
  expect(ago('2023-01-25T00:00:00Z', '2026-03-01')).toBe('3年前');
  expect([isOld('2025-08-01T00:00:00Z', '2026-03-01'), isOld('2026-01-01T00:00:00Z', '2026-03-01')]).toEqual([
    true,
    false,
  ]);
});

test('an exchange that is overdue is found', () => {
  const device = { kind: 'device', value: { next_exchange_on: '2026-02-26' } } as unknown as Fact;
  expect(daysUntilExchange(device, '2026-03-01')).toBe(-3);
  expect(daysUntilExchange({ ...device, value: {} } as Fact, '2026-03-01')).toBe(null);
});

test('a fact is told in one line', () => {
  const line = (code: string, value: Record<string, unknown>) => {
    const kind = factKind(code);
    return kind ? headline(kind, value) : '';
  };
  expect(line('device', { device: 'urinary_catheter' })).toBe('尿道留置カテーテル');
  expect(line('allergy', { state: 'present', substance: '卵' })).toBe('卵');
  expect(line('allergy', { state: 'none' })).toContain('なし');
});

test('a form says what it lacks and leaves out what does not belong', () => {
  const form = new FactForm('allergy');
  form.texts = { state: 'present', substance: '', reaction: ' 発疹 ' };
  expect(form.missing).toEqual(['substance']);
  form.texts = { ...form.texts, substance: '卵' };
  expect(form.value).toEqual({ state: 'present', substance: '卵', reaction: '発疹' });
  form.texts = { ...form.texts, state: 'none' };
  expect([form.value, form.missing]).toEqual([{ state: 'none' }, []]);
  const again = new FactForm('service', { service: 'day_care', provider: '北', days: ['mon'] });
  expect(again.value).toEqual({ service: 'day_care', provider: '北', days: ['mon'] });
});
