/** Dates as people here write them, always in Japan's time: 11月21日(土) 14:05, 令和8年. */
import { locale } from '#i18n/index.svelte.ts';

const ZONE = 'Asia/Tokyo';

function format(options: Intl.DateTimeFormatOptions): Record<'ja' | 'en', Intl.DateTimeFormat> {
  return {
    ja: new Intl.DateTimeFormat('ja-JP', { timeZone: ZONE, ...options }),
    en: new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, ...options }),
  };
}

const formats = {
  time: format({ hour: '2-digit', minute: '2-digit', hour12: false }),
  day: format({ month: 'long', day: 'numeric', weekday: 'short' }),
  shortDay: format({ month: 'numeric', day: 'numeric' }),
  fullDay: format({ year: 'numeric', month: 'long', day: 'numeric' }),
  era: format({ era: 'long', year: 'numeric', month: 'long', day: 'numeric', calendar: 'japanese' }),
};
const iso = new Intl.DateTimeFormat('sv-SE', {
  timeZone: ZONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

type Moment = string | Date;

/** A bare date means that day in Japan. */
function moment(value: Moment): Date {
  if (value instanceof Date) return value;
  return new Date(value.length === 10 ? `${value}T00:00:00+09:00` : value);
}

/** `2026-11-21`: the day in Japan. */
export function dayKey(value: Moment): string {
  return iso.format(moment(value));
}

export function today(): string {
  return dayKey(new Date());
}

export function timeOf(value: Moment): string {
  return formats.time[locale.language].format(moment(value));
}

/** 11月21日(土), with the year when it is another one. */
export function dayOf(value: Moment, now: Date = new Date()): string {
  const day = formats.day[locale.language].format(moment(value));
  const year = dayKey(value).slice(0, 4);
  if (year === dayKey(now).slice(0, 4)) return day;
  return locale.language === 'ja' ? `${year}年${day}` : `${day} ${year}`;
}

export function dateTimeOf(value: Moment): string {
  return `${dayOf(value)} ${timeOf(value)}`;
}

/** 11/21 */
export function shortDayOf(value: Moment): string {
  return formats.shortDay[locale.language].format(moment(value));
}

/** Today only the time, else the day: for lists. */
export function briefOf(value: Moment, now: Date = new Date()): string {
  return dayKey(value) === dayKey(now) ? timeOf(value) : shortDayOf(value);
}

export function fullDayOf(value: Moment): string {
  return formats.fullDay[locale.language].format(moment(value));
}

/** Both eras, as paper forms have them: 昭和13年4月2日（1938年） */
export function eraOf(value: Moment): string {
  if (locale.language === 'en') return fullDayOf(value);
  return `${formats.era.ja.format(moment(value))}（${dayKey(value).slice(0, 4)}年）`;
}

/** Completed years on the day `on`. */
export function ageOf(birthDate: string, on: Date = new Date()): number {
  const [year = 0, month = 0, day = 0] = birthDate.split('-').map(Number);
  const [nowYear = 0, nowMonth = 0, nowDay = 0] = dayKey(on).split('-').map(Number);
  const before = nowMonth < month || (nowMonth === month && nowDay < day);
  return nowYear - year - (before ? 1 : 0);
}

/** The day `days` after `value`, as `YYYY-MM-DD`. */
export function addDays(value: Moment, days: number): string {
  return dayKey(new Date(moment(dayKey(value)).getTime() + days * 86_400_000));
}

/** The first moment of that day in Japan. */
export function startOfDay(day: string): string {
  return new Date(`${day}T00:00:00+09:00`).toISOString();
}

/** The last second of that day in Japan, for deadlines. */
export function endOfDay(day: string): string {
  return new Date(`${day}T23:59:59+09:00`).toISOString();
}
