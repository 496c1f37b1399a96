import { describe, expect, it } from 'vitest';
import { Asking, dueAt } from './asking.svelte.ts';

describe('by when', () => {
  it('is an hour from now, nine in the morning in Japan, or the end of a day', () => {
    const now = Date.parse('2026-11-30T10:00:00Z');
    expect(dueAt('hour', now)).toBe('2026-11-30T11:00:00.000Z');
    expect(dueAt('none', now)).toBeNull();
    expect(dueAt('morning')).toMatch(/T00:00:00\.000Z$/);
    expect(Date.parse(dueAt('week') ?? '') - Date.parse(dueAt('today') ?? '')).toBe(7 * 86_400_000);
  });
});

describe('whom', () => {
  it('is sent as the server takes it, and comes back from a draft', () => {
    const asking = new Asking();
    expect(asking.nobody).toBe(true);
    asking.take({ professions: ['nurse'], answer: true });
    const body = asking.body(['a'], 'none');
    expect(body).toEqual({
      staff_member_ids: ['a'],
      professions: ['nurse'],
      facility_ids: [],
      from: 'any',
      answer: true,
      urgent: false,
      due_at: null,
    });
    const again = new Asking();
    again.take(asking.draft);
    expect(again.draft).toEqual(asking.draft);
    again.take();
    expect(again.nobody).toBe(true);
  });
});
