import type { EmergencyAccess } from '#api/access.types.ts';
import { describe, expect, it } from 'vitest';
import { forReview, isRunning, minutesLeft, reviewDeadline } from './remaining.ts';

const now = Date.parse('2026-11-21T05:00:00Z');
const access = (started_at: string, more: Partial<EmergencyAccess> = {}): EmergencyAccess => ({
  id: started_at,
  patient_id: 'p',
  staff_member: '中島 涼',
  profession: 'nurse',
  facility: '出雲みなと病院',
  reason: '救急搬送され、意識がない',
  category: 'transport',
  started_at,
  expires_at: '2026-11-21T06:00:00Z',
  ended_at: null,
  running: true,
  review_overdue: false,
  ...more,
});

describe('the time that is left', () => {
  it('is told in whole minutes and never rounded up', () => {
    expect(minutesLeft('2026-11-21T06:00:00Z', now)).toBe(60);
    expect(minutesLeft('2026-11-21T05:01:59Z', now)).toBe(1);
    expect(minutesLeft('2026-11-21T05:00:30Z', now)).toBe(0);
    expect(minutesLeft('2026-11-21T05:00:00Z', now)).toBeNull();
  });

  it('is none once the access was ended', () => {
    expect(isRunning(access('2026-11-21T04:00:00Z'), now)).toBe(true);
    expect(isRunning(access('2026-11-21T04:00:00Z', { ended_at: '2026-11-21T04:30:00Z' }), now)).toBe(false);
    expect(isRunning(access('2026-11-20T04:00:00Z', { expires_at: '2026-11-20T05:00:00Z' }), now)).toBe(
      false,
    );
  });
});

describe('the review', () => {
  it('is due seventy-two hours after the beginning', () => {
    expect(reviewDeadline('2026-11-19T05:00:00Z', now)).toEqual({ overdue: false, hours: 24 });
    expect(reviewDeadline('2026-11-18T05:00:00Z', now)).toEqual({ overdue: false, hours: 0 });
    expect(reviewDeadline('2026-11-18T04:59:00Z', now)).toEqual({ overdue: true, hours: 1 });
  });

  it('takes the most overdue first', () => {
    const done = access('2026-11-20T01:00:00Z', { reviewed_at: '2026-11-20T02:00:00Z' });
    const list = [done, access('2026-11-20T00:00:00Z'), access('2026-11-17T00:00:00Z')];
    expect(forReview(list).map(({ id }) => id)).toEqual([
      '2026-11-17T00:00:00Z',
      '2026-11-20T00:00:00Z',
      '2026-11-20T01:00:00Z',
    ]);
  });
});
