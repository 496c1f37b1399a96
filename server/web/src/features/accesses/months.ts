/** Months in Japan, as the list is turned over: `2026-11`. */
import { dayKey } from '#ui/format/dates.ts';

/** The log is kept at least so long. */
const YEARS = 10;

export function monthOf(moment: Date): string {
  return dayKey(moment).slice(0, 7);
}

/** The month `by` months after. */
export function monthAfter(month: string, by: number): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const count = year * 12 + number - 1 + by;
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}`;
}

/** From this month back to the oldest that can be there, newest first. */
export function monthsBefore(now: Date): string[] {
  const current = monthOf(now);
  return Array.from({ length: YEARS * 12 + 1 }, (_, index) => monthAfter(current, -index));
}

/** 令和8年: the year as paper forms have it. */
export function eraYearOf(month: string): string {
  const era = new Intl.DateTimeFormat('ja-JP-u-ca-japanese', {
    era: 'long',
    year: 'numeric',
    timeZone: 'Asia/Tokyo',
  });
  return era.format(new Date(`${month}-01T00:00:00+09:00`));
}
