/** What of the log is looked at: as the address has it, and as the interface wants it. */
import { isUuid } from '#api/uuid.ts';
import { addDays, dayKey } from '#ui/format/dates.ts';

const ids = [
  'patient_id',
  'account_id',
  'staff_member_id',
  'facility_id',
  'client_id',
  'device_id',
  'session_id',
] as const;
const words = [
  'profession',
  'action',
  'purpose',
  'ground',
  'outcome',
  'code',
  'actor',
  'source_ip',
  'emergency',
  'searched',
  'from',
  'to',
] as const;
export const filterKeys = [...ids, ...words];
export type FilterKey = (typeof filterKeys)[number];
export type Filter = Partial<Record<FilterKey, string>>;

/** Words that somebody searched for may be a name, and names do not go into addresses. */
const unspoken: readonly FilterKey[] = ['searched'];

export function filterFrom(params: Pick<URLSearchParams, 'get'>): Filter {
  const filter: Filter = {};
  for (const key of filterKeys) {
    const value = params.get(key)?.trim();
    if (!value || unspoken.includes(key)) continue;
    if ((ids as readonly string[]).includes(key) && !isUuid(value)) continue;
    filter[key] = value;
  }
  return filter;
}

/** `?patient_id=…`, or nothing when there are no conditions. */
export function searchOf(filter: Filter): string {
  const params = new URLSearchParams();
  for (const key of filterKeys) {
    const value = filter[key];
    if (value && !unspoken.includes(key)) params.set(key, value);
  }
  const search = params.toString();
  return search === '' ? '' : `?${search}`;
}

export function without(filter: Filter, ...keys: FilterKey[]): Filter {
  return Object.fromEntries(Object.entries(filter).filter(([key]) => !keys.includes(key as FilterKey)));
}

export const periodNames = ['all', 'today', 'week', 'month', 'lastMonth'] as const;
export type PeriodName = (typeof periodNames)[number];
type Span = Pick<Filter, 'from' | 'to'>;

export function spanOf(name: PeriodName, now: Date): Span {
  const today = dayKey(now);
  const first = `${today.slice(0, 8)}01`;
  if (name === 'all') return {};
  if (name === 'today') return { from: today, to: today };
  if (name === 'week') return { from: addDays(today, -6), to: today };
  if (name === 'month') return { from: first, to: today };
  return monthSpan(addDays(first, -1).slice(0, 7));
}

/** The days of a month such as `2026-11`. */
export function monthSpan(month: string): Required<Span> {
  const from = `${month}-01`;
  const next = addDays(`${addDays(from, 31).slice(0, 7)}-01`, -1);
  return { from, to: next };
}

/** The quick choice that stands for the span, if one does. */
export function periodOf(filter: Filter, now: Date): PeriodName | null {
  const same = (name: PeriodName) => {
    const span = spanOf(name, now);
    return span.from === filter.from && span.to === filter.to;
  };
  return periodNames.find(same) ?? null;
}

/** One hour of a day in Japan. */
export function hourSpan(day: string, hour: number): Required<Span> {
  const start = new Date(`${day}T${String(hour).padStart(2, '0')}:00:00+09:00`);
  const end = new Date(start.getTime() + 3_599_999);
  return { from: start.toISOString(), to: end.toISOString() };
}

/** Monday is 0. */
export function weekdayOf(day: string): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
}

/** The days of one weekday within a span, the latest first, at most `limit`. */
export function daysOf(weekday: number, from: string, to: string, limit: number): string[] {
  const back = (weekdayOf(to) - weekday + 7) % 7;
  const days: string[] = [];
  for (let day = addDays(to, -back); day >= from && days.length < limit; day = addDays(day, -7))
    days.push(day);
  return days;
}
