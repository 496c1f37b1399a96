/** Six digits, key by key. */
export const PIN_LENGTH = 6;

export class PinEntry {
  digits = $state('');
  readonly #full: (pin: string) => void;

  constructor(full: (pin: string) => void) {
    this.#full = full;
  }

  press(digit: string): void {
    if (this.digits.length >= PIN_LENGTH || !/^\d$/.test(digit)) return;
    this.digits += digit;
    if (this.digits.length === PIN_LENGTH) this.#full(this.digits);
  }

  erase(): void {
    this.digits = this.digits.slice(0, -1);
  }

  clear(): void {
    this.digits = '';
  }

  /** A key of a real keyboard; whether it was meant for the PIN. */
  key(key: string): boolean {
    if (/^\d$/.test(key)) this.press(key);
    else if (key === 'Backspace') this.erase();
    else return false;
    return true;
  }
}

/** All the same, a row up or down, or a pair repeated: the first that anybody tries. */
export function isTrivial(pin: string): boolean {
  const steps = new Set(
    [...pin].slice(1).map((digit, index) => (Number(digit) - Number(pin[index]) + 10) % 10),
  );
  const row = steps.size === 1 && [0, 1, 9].includes([...steps][0] ?? -1);
  return row || /^(\d\d)\1\1$/.test(pin) || /^(\d\d\d)\1$/.test(pin);
}
