/** Times of a substitution, as the input fields have them and as they are sent. */
import type { Substitution } from '#api/access.types.ts';
import { addDays, dayKey, timeOf, today } from '#ui/format/dates.ts';

/** `2026-11-21T14:05` of Japan as a moment. */
export function momentOf(local: string): string {
  return new Date(`${local}:00+09:00`).toISOString();
}

/** The moment as the input field has it, in Japan's time. */
export function localOf(moment: string | Date): string {
  const at = moment instanceof Date ? moment : new Date(moment);
  return `${dayKey(at)}T${timeOf(at)}`;
}

/** From now until tomorrow morning: what a night on call looks like. */
export function usualPeriod(now: Date = new Date()): { from: string; to: string } {
  return { from: localOf(now), to: `${addDays(today(), 1)}T09:00` };
}

export type Phase = 'now' | 'planned' | 'past';

export function phaseOf(substitution: Substitution, now: number): Phase {
  if (substitution.ended_at || Date.parse(substitution.ends_at) <= now) return 'past';
  return Date.parse(substitution.starts_at) <= now ? 'now' : 'planned';
}
