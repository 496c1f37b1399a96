/** Days and times of a list of appointments. */
import { m } from '#i18n/index.svelte.ts';
import { addDays, dayKey, dayOf, timeOf, today } from '#ui/format/dates.ts';
import { weekdayOf, weekdays } from './recurrence.ts';
import type { Calendar, Due, Occurrence, Plan } from './types.ts';

/** The Monday of the week of a day. */
export function mondayOf(day: string): string {
  return addDays(day, -weekdays.indexOf(weekdayOf(day)));
}

export interface Day {
  day: string;
  items: Occurrence[];
  due: Due[];
}

function lastDayOf(plan: Plan): string {
  if (plan.starts_on) return plan.ends_on ?? plan.starts_on;
  const end = new Date(plan.ends_at ?? plan.starts_at ?? 0);
  // What ends at midnight is over on that day.
  return dayKey(new Date(Math.max(end.getTime() - 1, new Date(plan.starts_at ?? 0).getTime())));
}

export function firstDayOf(plan: Plan): string {
  return plan.starts_on ?? dayKey(plan.starts_at ?? new Date());
}

/** So many days from `from`, each with what is on it. What is overdue stands at today, where it is still to be done. */
export function byDay(calendar: Calendar, from: string, count: number, now = today()): Day[] {
  const withToday = from <= now && now < addDays(from, count);
  const dayOfDue = (due: Due) => (due.overdue && withToday ? now : due.on);
  return Array.from({ length: count }, (_, at) => {
    const day = addDays(from, at);
    const items = calendar.items.filter(({ plan }) => firstDayOf(plan) <= day && lastDayOf(plan) >= day);
    return { day, items, due: calendar.due.filter((due) => dayOfDue(due) === day) };
  });
}

/** Where something that is due is found on the page of its patient. */
export function placeOf(due: Due): string {
  return due.post_id ? `#post-${due.post_id}` : '#facts';
}

/** What is due, in a few words. */
export function wordsOfDue(due: Due): string {
  const words = m.appointments.due;
  if (due.kind === 'device_exchange') return words.exchange(due.what ?? '');
  return due.reply ? words.answer : words.acknowledge;
}

/** 10:00〜11:00, 終日, 17:00まで. */
export function hoursOf(plan: Plan, day?: string): string {
  if (!plan.starts_at) return m.appointments.allDay;
  if (!plan.ends_at) return m.appointments.by(timeOf(plan.starts_at));
  const begins = day === undefined || dayKey(plan.starts_at) === day;
  const ends = day === undefined || dayKey(plan.ends_at) === day;
  return `${begins ? timeOf(plan.starts_at) : ''}〜${ends ? timeOf(plan.ends_at) : ''}`;
}

/** Day and time of one of them, in full. */
export function whenOf(plan: Plan): string {
  const [first, last] = [firstDayOf(plan), lastDayOf(plan)];
  if (plan.starts_on) return first === last ? dayOf(first) : `${dayOf(first)}〜${dayOf(last)}`;
  const hours = hoursOf(plan);
  if (first === last || !plan.ends_at || !plan.starts_at) return `${dayOf(first)} ${hours}`;
  return `${dayOf(first)} ${timeOf(plan.starts_at)}〜${dayOf(last)} ${timeOf(plan.ends_at)}`;
}

/** What it is, in a few words. */
export function titleOf(plan: Plan): string {
  return plan.title ?? m.appointments.kinds[plan.kind];
}
