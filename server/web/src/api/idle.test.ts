import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { activity } from './activity.ts';
import { idle } from './idle.svelte.ts';

const onidle = vi.fn();
const onalive = vi.fn();
const minute = 60_000;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.now() });
  activity.touch();
  activity.count();
  onidle.mockReset();
  onalive.mockReset();
  stop = idle.start({ minutes: 5, onidle, onalive });
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

describe('when nobody touches the device', () => {
  it('warns in the last minute and then leaves, once', () => {
    vi.advanceTimersByTime(4 * minute - 1000);
    expect(idle.left).toBe(0);
    vi.advanceTimersByTime(2000);
    expect(idle.left).toBeGreaterThan(55);
    expect(onidle).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2 * minute);
    expect(onidle).toHaveBeenCalledOnce();
    expect(idle.left).toBe(0);
  });

  it('stays when somebody touches it', () => {
    vi.advanceTimersByTime(4 * minute + 30_000);
    expect(idle.left).toBe(30);
    activity.touch();
    expect(idle.left).toBe(0);
    vi.advanceTimersByTime(4 * minute - 2000);
    expect(onidle).not.toHaveBeenCalled();
  });

  it('leaves the moment the device wakes from a long sleep', () => {
    vi.setSystemTime(Date.now() + 60 * minute);
    vi.advanceTimersByTime(1000);
    expect(onidle).toHaveBeenCalledOnce();
  });

  it('tells the server of somebody who reads without any call', () => {
    for (let i = 0; i < 4; i++) {
      vi.advanceTimersByTime(minute);
      activity.touch();
    }
    vi.advanceTimersByTime(1000);
    expect(onalive.mock.calls.length).toBeGreaterThanOrEqual(1);
    expect(onalive.mock.calls.length).toBeLessThanOrEqual(2);
  });

  it('marks what the app does by itself', () => {
    expect(activity.attended()).toBe(true);
    vi.advanceTimersByTime(21_000);
    expect(activity.attended()).toBe(false);
  });
});
