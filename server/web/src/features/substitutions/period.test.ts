import type { Substitution } from '#api/access.types.ts';
import { describe, expect, it } from 'vitest';
import { localOf, momentOf, phaseOf } from './period.ts';

describe('the times of a substitution', () => {
  it('are those of Japan, wherever the device thinks it is', () => {
    expect(momentOf('2026-11-21T17:30')).toBe('2026-11-21T08:30:00.000Z');
    expect(localOf('2026-11-21T15:05:00Z')).toBe('2026-11-22T00:05');
    expect(localOf(momentOf('2026-11-21T17:30'))).toBe('2026-11-21T17:30');
  });

  it('say whether it is running', () => {
    const person = { id: 'a', name: '中島 涼', profession: 'nurse' };
    const substitution: Substitution = {
      id: 's',
      absent: person,
      substitute: person,
      reason: 'on_call',
      starts_at: '2026-11-21T08:00:00Z',
      ends_at: '2026-11-22T00:00:00Z',
      active: true,
    };
    expect(phaseOf(substitution, Date.parse('2026-11-21T07:59:00Z'))).toBe('planned');
    expect(phaseOf(substitution, Date.parse('2026-11-21T08:00:00Z'))).toBe('now');
    expect(phaseOf(substitution, Date.parse('2026-11-22T00:00:00Z'))).toBe('past');
    const ended = { ...substitution, ended_at: '2026-11-21T09:00:00Z' };
    expect(phaseOf(ended, Date.parse('2026-11-21T10:00:00Z'))).toBe('past');
  });
});
