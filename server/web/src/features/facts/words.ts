/** A fact in words. */
import { locale, m } from '#i18n/index.svelte.ts';
import { dayKey, dayOf, today } from '#ui/format/dates.ts';
import { factKind, type FactField, type FactKind } from '#ui/fact-kinds.ts';
import type { Fact, Value } from './types.ts';

export function nameOf(thing: { ja: string; en: string }): string {
  return locale.language === 'ja' ? thing.ja : thing.en;
}

/** A year, a month or a day, as people write it. */
function partialDay(written: string): string {
  const [year = '', month, day] = written.split('-');
  if (day !== undefined) return dayOf(written);
  return month === undefined
    ? m.facts.yearMonth.year(year)
    : m.facts.yearMonth.month(year, String(Number(month)));
}

export function fieldWords(field: FactField, value: Value): string | null {
  const said = value[field.code];
  if (said === undefined || said === null) return null;
  const choice = (code: unknown) => {
    const found = field.choices?.find((known) => known.code === code);
    return found ? nameOf(found) : String(code);
  };
  switch (field.type) {
    case 'choice':
      return choice(said);
    case 'choices':
      return (said as unknown[]).map(choice).join('・');
    case 'date':
    case 'partial_date':
      return partialDay(String(said));
    case 'flag':
      return m.facts.yes;
    case 'integer':
    case 'number':
      return `${String(said)}${field.unit ?? ''}`;
    default:
      return String(said);
  }
}

/** What a fact is about, in one line. */
export function headline(kind: FactKind, value: Value): string {
  const shown = (kind.about ?? []).filter((code) => value[code] !== 'other');
  const words = shown.map((code) => {
    const field = kind.fields.find((known) => known.code === code);
    return field ? fieldWords(field, value) : null;
  });
  const absent = kind.absent && kind.absent.codes.includes(String(value[kind.absent.field]));
  if (absent) {
    const field = kind.fields.find((known) => known.code === kind.absent?.field);
    return m.marks.pair(nameOf(kind), field ? (fieldWords(field, value) ?? '') : '');
  }
  const line = words.filter((word) => word !== null).join(' ');
  return line === '' ? nameOf(kind) : line;
}

/** Fields that stand in the card itself, beside what the headline says. */
export function details(fact: Fact): { label: string; text: string; lines: boolean }[] {
  const kind = factKind(fact.kind);
  if (!kind) return [];
  const value = fact.value as Value;
  const inHead = new Set([...(kind.about ?? []), kind.absent?.field ?? '', 'next_exchange_on']);
  return kind.fields
    .filter((field) => !inHead.has(field.code))
    .flatMap((field) => {
      const text = fieldWords(field, value);
      return text === null ? [] : [{ label: nameOf(field), text, lines: field.lines ?? false }];
    });
}

const DAY = 86_400_000;

function daysBetween(from: string, until: string): number {
  return Math.round((Date.parse(dayKey(until)) - Date.parse(dayKey(from))) / DAY);
}

/** How long ago somebody found it to be so. */
export function ago(moment: string, now: string = today()): string {
  const days = Math.max(0, daysBetween(moment, now));
  if (days === 0) return m.facts.ago.today;
  if (days < 60) return m.facts.ago.days(days);
  if (days < 730) return m.facts.ago.months(Math.floor(days / 30.44));
  return m.facts.ago.years(Math.floor(days / 365.25));
}

export function isOld(moment: string, now: string = today()): boolean {
  return daysBetween(moment, now) > 183;
}

/** Days until a device is exchanged; below zero when that is overdue. */
export function daysUntilExchange(fact: Fact, now: string = today()): number | null {
  const next = (fact.value as Value)['next_exchange_on'];
  return fact.kind === 'device' && typeof next === 'string' ? daysBetween(now, next) : null;
}
