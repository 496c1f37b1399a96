/** Maintenance held against the period for which somebody was let in. */
import type { Maintenance, MaintenanceSession } from '#api/log.types.ts';
import { dayKey } from '#ui/format/dates.ts';

/** Whether anything was done before the first day or after the last; of the entries that came along, and the sessions. */
export function isOutside({ starts_on, ends_on, entries, sessions }: Maintenance): boolean {
  const moments = [
    ...entries.map(({ at }) => at),
    ...sessions.flatMap(({ started_at, last_seen_at }) => [started_at, last_seen_at]),
  ];
  return moments
    .map(dayKey)
    .some((day) => (starts_on ? day < starts_on : false) || (ends_on ? day > ends_on : false));
}

export function endingOf(session: MaintenanceSession, now: Date): 'ended' | 'expired' | 'running' {
  if (session.ended_at) return 'ended';
  return Date.parse(session.expires_at) <= now.getTime() ? 'expired' : 'running';
}
