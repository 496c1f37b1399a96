/** How long an emergency access lasts, and how long its review may wait. */
import type { EmergencyAccess } from '#api/access.types.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Within which a review is due, counted from the beginning. */
export const REVIEW_HOURS = 72;

/** Whole minutes that are left, rounded down; null when it is over. */
export function minutesLeft(expiresAt: string, now: number): number | null {
  const left = Date.parse(expiresAt) - now;
  return left <= 0 ? null : Math.floor(left / MINUTE);
}

export interface Deadline {
  overdue: boolean;
  /** Begun hours past the deadline, or whole hours that are left. */
  hours: number;
}

export function reviewDeadline(startedAt: string, now: number): Deadline {
  const left = Date.parse(startedAt) + REVIEW_HOURS * HOUR - now;
  return left < 0
    ? { overdue: true, hours: Math.ceil(-left / HOUR) }
    : { overdue: false, hours: Math.floor(left / HOUR) };
}

/** Whether it gives access now. */
export function isRunning(access: EmergencyAccess, now: number): boolean {
  return !access.ended_at && minutesLeft(access.expires_at, now) !== null;
}

/** What waits for review first, the oldest on top; then the newest of the rest. */
export function forReview(accesses: readonly EmergencyAccess[]): EmergencyAccess[] {
  const waits = (access: EmergencyAccess) => !access.reviewed_at;
  return accesses.toSorted((a, b) => {
    if (waits(a) !== waits(b)) return waits(a) ? -1 : 1;
    const older = a.started_at < b.started_at ? -1 : 1;
    return waits(a) ? older : -older;
  });
}
