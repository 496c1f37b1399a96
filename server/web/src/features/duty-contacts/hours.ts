import { m } from '#i18n/index.svelte.ts';

export function daysOf(weekdays: readonly number[]): string {
  if (weekdays.length === 7) return m.dutyContacts.everyDay;
  return m.marks.list(weekdays.map((day) => m.dutyContacts.weekdays[day - 1] ?? ''));
}

/** Hours that end before they begin end on the next day. */
export function hoursOf(from: string, to: string): string {
  return m.dutyContacts.hours(from, to > from ? to : m.dutyContacts.nextDay + to);
}
