/** Whom one asks, for what, and by when: in the composer, and later about a post that is there. */
import type { AskAcknowledgement } from '#api/work.types.ts';
import { addDays, endOfDay, startOfDay, today } from '#ui/format/dates.ts';

export type Due = 'hour' | 'morning' | 'none' | 'three' | 'today' | 'tomorrow' | 'week';

export const dues: readonly Due[] = ['hour', 'today', 'morning', 'tomorrow', 'three', 'week', 'none'];

const daysUntil: Partial<Record<Due, number>> = { today: 0, tomorrow: 1, three: 3, week: 7 };

/** The moment that a shortcut means. */
export function dueAt(due: Due, now: number = Date.now()): string | null {
  if (due === 'none') return null;
  if (due === 'hour') return new Date(now + 3_600_000).toISOString();
  if (due === 'morning') {
    const begins = Date.parse(startOfDay(addDays(today(), 1)));
    return new Date(begins + 9 * 3_600_000).toISOString();
  }
  return endOfDay(addDays(today(), daysUntil[due] ?? 0));
}

export interface AskingDraft {
  professions: string[];
  facilities: string[];
  from: 'any' | 'each';
  answer: boolean;
  urgent: boolean;
}

export class Asking {
  professions = $state<string[]>([]);
  facilities = $state<string[]>([]);
  from = $state<'any' | 'each'>('any');
  answer = $state(false);
  urgent = $state(false);

  get nobody(): boolean {
    return this.professions.length + this.facilities.length === 0;
  }

  get draft(): AskingDraft {
    const { from, answer, urgent } = this;
    const professions = $state.snapshot(this.professions);
    return { professions, facilities: $state.snapshot(this.facilities), from, answer, urgent };
  }

  take(draft?: Partial<AskingDraft> | null): void {
    this.professions = draft?.professions ?? [];
    this.facilities = draft?.facilities ?? [];
    this.from = draft?.from ?? 'any';
    this.answer = draft?.answer ?? false;
    this.urgent = draft?.urgent ?? false;
  }

  /** What the server is asked, together with people who are named. */
  body(people: readonly string[], due: Due): AskAcknowledgement {
    const { facilities: facility_ids, ...rest } = this.draft;
    return { ...rest, facility_ids, staff_member_ids: [...people], due_at: dueAt(due) };
  }
}
