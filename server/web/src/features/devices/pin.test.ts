import { describe, expect, it, vi } from 'vitest';
import { isTrivial, PinEntry } from './pin.svelte.ts';

describe('the PIN pad', () => {
  it('hands over six digits once, and takes no seventh', () => {
    const full = vi.fn();
    const entry = new PinEntry(full);
    for (const digit of '2804179') entry.press(digit);
    expect(full).toHaveBeenCalledExactlyOnceWith('280417');
    expect(entry.digits).toBe('280417');
  });

  it('erases the last digit and takes keys of a keyboard', () => {
    const full = vi.fn();
    const entry = new PinEntry(full);
    for (const key of ['2', '9', 'Backspace', '8']) expect(entry.key(key)).toBe(true);
    expect(entry.key('Enter')).toBe(false);
    expect(entry.key('12')).toBe(false);
    expect(entry.digits).toBe('28');
    entry.clear();
    expect(entry.digits).toBe('');
    expect(full).not.toHaveBeenCalled();
  });

  it.each(['111111', '123456', '654321', '012345', '890123', '121212', '123123'])('refuses %s', (pin) => {
    expect(isTrivial(pin)).toBe(true);
  });

  it.each(['280417', '135792', '112358'])('takes %s', (pin) => {
    expect(isTrivial(pin)).toBe(false);
  });
});
