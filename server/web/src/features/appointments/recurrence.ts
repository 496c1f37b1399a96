/** How something recurs: between the words that people say and the rule that the server keeps. */
import { m } from '#i18n/index.svelte.ts';
import { addDays, fullDayOf } from '#ui/format/dates.ts';

export const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
export type Weekday = (typeof weekdays)[number];
export type Every = 'never' | 'day' | 'week' | 'two_weeks' | 'month_weekday' | 'month_day';

export interface Repeat {
  every: Every;
  /** On which days of the week, for weeks. */
  days: Weekday[];
  ends: 'never' | 'on' | 'after';
  /** The last day, when it ends on one. */
  until: string;
  /** How often, when that is counted. */
  count: string;
}

export const never: Repeat = { every: 'never', days: [], ends: 'never', until: '', count: '' };

export function weekdayOf(day: string): Weekday {
  const sunday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekdays[(sunday + 6) % 7] ?? 'MO';
}

/** Which of its weekday in the month a day is, 1 to 5. */
function placeOf(day: string): number {
  return Math.ceil(Number(day.slice(8)) / 7);
}

/** The first day from `day` on that the repetition has. */
export function firstDay(repeat: Repeat, day: string): string {
  const weekly = repeat.every === 'week' || repeat.every === 'two_weeks';
  if (!weekly || repeat.days.length === 0) return day;
  for (let later = 0; later < 7; later++) {
    const next = addDays(day, later);
    if (repeat.days.includes(weekdayOf(next))) return next;
  }
  return day;
}

/** The rule, from the first day that it is to have. */
export function ruleOf(repeat: Repeat, first: string): string | null {
  const { every } = repeat;
  if (every === 'never') return null;
  const parts = { day: ['FREQ=DAILY'], week: ['FREQ=WEEKLY'], two_weeks: ['FREQ=WEEKLY', 'INTERVAL=2'] };
  const days = weekdays.filter((day) => repeat.days.includes(day));
  const chosen = days.length > 0 ? days : [weekdayOf(first)];
  const rule =
    every === 'month_day'
      ? ['FREQ=MONTHLY', `BYMONTHDAY=${Number(first.slice(8))}`]
      : every === 'month_weekday'
        ? // The fifth of a weekday is the last one, which every month has.
          ['FREQ=MONTHLY', `BYDAY=${placeOf(first) === 5 ? -1 : placeOf(first)}${weekdayOf(first)}`]
        : every === 'day'
          ? parts.day
          : [...parts[every], `BYDAY=${chosen.join(',')}`];
  if (repeat.ends === 'on' && repeat.until) rule.push(`UNTIL=${repeat.until.replaceAll('-', '')}`);
  if (repeat.ends === 'after' && Number(repeat.count) > 0) rule.push(`COUNT=${Number(repeat.count)}`);
  return rule.join(';');
}

function partsOf(rule: string): Record<string, string> {
  return Object.fromEntries(rule.split(';').map((part) => part.split('=', 2) as [string, string]));
}

/** Until when a rule goes. */
function endOf({ COUNT, UNTIL }: Record<string, string>): Pick<Repeat, 'ends' | 'until' | 'count'> {
  if (UNTIL) return { ends: 'on', until: dayOfRule(UNTIL), count: '' };
  return { ends: COUNT ? 'after' : 'never', until: '', count: COUNT ?? '' };
}

function dayOfRule(text: string): string {
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`;
}

/** The rules that the form has words for, without their ends. */
const forms: [RegExp, Every][] = [
  [/^FREQ=DAILY$/, 'day'],
  [/^FREQ=WEEKLY(;BYDAY=[A-Z,]+)?$/, 'week'],
  [/^FREQ=WEEKLY;INTERVAL=2(;BYDAY=[A-Z,]+)?$/, 'two_weeks'],
  [/^FREQ=MONTHLY;BYDAY=-?\d[A-Z]{2}$/, 'month_weekday'],
  [/^FREQ=MONTHLY;BYMONTHDAY=-?\d+$/, 'month_day'],
];

/** The other way round; nothing for a rule that the form has no words for. */
export function repeatOf(rule: string | null | undefined): Repeat | null {
  if (!rule) return never;
  const parts = partsOf(rule);
  const plain = rule.replace(/;(COUNT|UNTIL)=[^;]*/g, '');
  const every = forms.find(([pattern]) => pattern.test(plain))?.[1];
  if (every === undefined) return null;
  const named = (parts['BYDAY'] ?? '').split(',');
  const weekly = every === 'week' || every === 'two_weeks';
  const days = weekly ? weekdays.filter((day) => named.includes(day)) : [];
  return { ...endOf(parts), every, days };
}

/** 毎週 月・木曜日、隔週 火曜日、毎月 第2火曜日. */
export function wordsOf(rule: string): string {
  const words = m.appointments.repeats;
  const { FREQ, INTERVAL = '1', BYDAY = '', BYMONTHDAY = '', COUNT, UNTIL } = partsOf(rule);
  const named = (day: string) => words.weekdays[day.slice(-2) as Weekday] ?? day;
  const placed = (day: string) => {
    const place = day.slice(0, -2);
    return place === '' ? named(day) : words.nth(place === '-1' ? null : Number(place), named(day));
  };
  const days = BYDAY === '' ? '' : words.days(BYDAY.split(',').map(placed));
  const dates = BYMONTHDAY === '' ? '' : words.dates(BYMONTHDAY.split(','));
  const each = { DAILY: words.daily, WEEKLY: words.weekly, MONTHLY: words.monthly }[FREQ ?? ''];
  const text = each ? each(Number(INTERVAL), days || dates) : rule;
  if (COUNT) return words.times(text, Number(COUNT));
  if (UNTIL) return words.upTo(text, fullDayOf(dayOfRule(UNTIL)));
  return text;
}
