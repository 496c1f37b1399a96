/** What is being entered, and the appointment that it makes. */
import { addDays, dayKey, timeOf, today } from '#ui/format/dates.ts';
import type { Pickable } from '#ui/Picker.svelte';
import { firstDay, never, repeatOf, ruleOf, type Repeat } from './recurrence.ts';
import type { Kind, Participant, Plan } from './types.ts';
import { firstDayOf } from './week.ts';

export class AppointmentForm {
  kind = $state<Kind>('visit');
  title = $state('');
  day = $state(today());
  wholeDay = $state(false);
  from = $state('10:00');
  to = $state('11:00');
  lastDay = $state('');
  place = $state('');
  note = $state('');
  forFamily = $state(true);
  repeat = $state<Repeat>({ ...never });
  /** A rule that the form has no words for is kept as it is. */
  rule = $state<string | null>(null);
  people = $state.raw<Pickable[]>([]);
  /** Professions that anybody of takes part; kept as they are. */
  #professions: Participant[] = [];
  outside = $state('');
  tried = $state(false);

  static of(plan: Plan, people: readonly Participant[], recurring: boolean): AppointmentForm {
    const form = new AppointmentForm();
    form.kind = plan.kind;
    form.title = plan.title ?? '';
    form.day = firstDayOf(plan);
    form.wholeDay = !plan.starts_at;
    if (plan.starts_at) form.from = timeOf(plan.starts_at);
    form.to = plan.ends_at ? timeOf(plan.ends_at) : form.from;
    form.lastDay = plan.ends_on ?? '';
    form.place = plan.place ?? '';
    form.note = plan.note ?? '';
    form.forFamily = plan.for_family;
    if (recurring) {
      const repeat = repeatOf(plan.recurrence);
      form.repeat = repeat ?? { ...never };
      form.rule = repeat === null ? (plan.recurrence ?? null) : null;
    }
    const staff = people.filter((person) => person.staff_member_id);
    form.people = staff.map(({ staff_member_id, name, profession }) => ({
      id: staff_member_id ?? '',
      name: name ?? '',
      profession,
    }));
    form.#professions = plan.participants.filter((person) => person.profession);
    form.outside = plan.participants.flatMap((person) => person.name ?? []).join('、');
    return form;
  }

  /** What kinds usually are: the family sees that somebody comes, and not what the team has among itself. */
  choose(kind: Kind): void {
    this.kind = kind;
    this.forFamily = kind === 'visit' || kind === 'exchange';
    this.wholeDay = kind === 'deadline';
  }

  get missingTitle(): boolean {
    return this.kind === 'other' && this.title.trim() === '';
  }

  get wrongDays(): boolean {
    return this.day === '' || (this.wholeDay && this.lastDay !== '' && this.lastDay < this.day);
  }

  get missingTime(): boolean {
    return !this.wholeDay && (this.from === '' || this.to === '' || this.from === this.to);
  }

  get wrongEnd(): boolean {
    const { every, ends, until, count } = this.repeat;
    if (every === 'never') return false;
    if (ends === 'on') return until < this.day;
    return ends === 'after' && !(Number(count) >= 1 && Number(count) <= 400);
  }

  get complete(): boolean {
    return !(this.missingTitle || this.wrongDays || this.missingTime || this.wrongEnd);
  }

  plan(ofPatient: boolean): Plan {
    const day = firstDay(this.repeat, this.day);
    const at = (on: string, time: string) => `${on}T${time}:00+09:00`;
    // Whoever ends before the beginning ends on the next day.
    const endDay = this.to < this.from ? addDays(day, 1) : day;
    const length = this.lastDay ? daysBetween(this.day, this.lastDay) : 0;
    const time = this.wholeDay
      ? { starts_on: day, ends_on: this.lastDay ? addDays(day, length) : null }
      : { starts_at: at(day, this.from), ends_at: at(endDay, this.to) };
    const text = (value: string) => value.trim() || null;
    const outside = this.outside.split(/[、,\n]/).map((name) => name.trim());
    const participants: Participant[] = [
      ...this.people.map(({ id }) => ({ staff_member_id: id })),
      ...this.#professions,
      ...[...new Set(outside)].filter((name) => name !== '').map((name) => ({ name })),
    ];
    return {
      kind: this.kind,
      title: text(this.title),
      ...time,
      place: text(this.place),
      note: text(this.note),
      for_family: ofPatient && this.forFamily,
      recurrence: this.rule ?? ruleOf(this.repeat, day),
      participants,
    };
  }
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(dayKey(to)) - Date.parse(dayKey(from))) / 86_400_000);
}
