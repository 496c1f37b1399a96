/** Months as `2026-11`, and in words. */
import { addDays } from '#ui/format/dates.ts';

/** The month itself and those before it, the latest first. */
export function monthsBefore(month: string, count: number): string[] {
  const months = [month];
  while (months.length < count) months.push(addDays(`${months.at(-1) ?? month}-01`, -1).slice(0, 7));
  return months;
}

/** 2026年11月（令和8年） */
export function monthWords(month: string, language: 'ja' | 'en'): string {
  const day = new Date(`${month}-01T00:00:00Z`);
  const options = { timeZone: 'UTC', year: 'numeric', month: 'long' } as const;
  if (language === 'en') return new Intl.DateTimeFormat('en-GB', options).format(day);
  const era = new Intl.DateTimeFormat('ja-JP', {
    timeZone: 'UTC',
    era: 'long',
    year: 'numeric',
    calendar: 'japanese',
  });
  return `${new Intl.DateTimeFormat('ja-JP', options).format(day)}（${era.format(day)}）`;
}
