/** The vitals as they are typed: text until they make sense, a question when they are unusual. */
import type { VitalSigns } from '#api/types.ts';
import { m } from '#i18n/index.svelte.ts';
import { parseNumber } from '#ui/format/kana.ts';
import { formatVital, vitalSign, vitalSigns, type VitalKey, type VitalSign } from '#ui/vital-signs.ts';

export type VitalTexts = Partial<Record<VitalKey, string>>;

export interface Finding {
  kind: 'error' | 'question';
  text: string;
  /** What was probably meant: 365 typed for 36.5. */
  meant?: number;
}

export class VitalsForm {
  texts = $state<VitalTexts>({});
  /** Values that the person has said are right although unusual, as `key:value`. */
  confirmed = $state<string[]>([]);
  tried = $state(false);

  constructor(vitals: VitalSigns | null = null) {
    for (const { key } of vitalSigns) {
      const value = vitals?.[key] ?? null;
      if (value !== null) this.texts[key] = formatVital(key, value);
    }
    this.confirmed = vitalSigns.map(({ key }) => `${key}:${this.texts[key] ?? ''}`);
  }

  get values(): VitalSigns {
    const values: VitalSigns = {};
    for (const { key } of vitalSigns) {
      const number = parseNumber(this.texts[key] ?? '');
      if (number !== null) values[key] = number;
    }
    return values;
  }

  /** Whether any of some signs has a value. */
  has(which: (sign: VitalSign) => boolean): boolean {
    return vitalSigns.some((sign) => which(sign) && (this.texts[sign.key] ?? '').trim() !== '');
  }

  get empty(): boolean {
    return Object.values(this.texts).every((text) => text.trim() === '');
  }

  finding(key: VitalKey): Finding | null {
    const text = (this.texts[key] ?? '').trim();
    const found = text === '' ? null : examine(key, text);
    if (found?.kind === 'error') return found;
    const pair = this.#pair(key);
    if (pair) return pair;
    return this.confirmed.includes(`${key}:${text}`) ? null : found;
  }

  confirm(key: VitalKey): void {
    this.confirmed = [...this.confirmed, `${key}:${(this.texts[key] ?? '').trim()}`];
  }

  correct(key: VitalKey, value: number): void {
    this.texts[key] = formatVital(key, value);
  }

  /** Complete, possible, and every unusual value confirmed. */
  get acceptable(): boolean {
    return !this.empty && vitalSigns.every(({ key }) => this.finding(key) === null);
  }

  #pair(key: VitalKey): Finding | null {
    const { systolic = '', diastolic = '' } = this.texts;
    if (key === 'diastolic' && systolic.trim() !== '' && diastolic.trim() !== '') {
      const [upper, lower] = [parseNumber(systolic), parseNumber(diastolic)];
      if (upper !== null && lower !== null && lower >= upper)
        return { kind: 'error', text: m.vitalsEntry.order };
    }
    const missing = {
      systolic: systolic.trim() === '' && diastolic.trim() !== '',
      diastolic: diastolic.trim() === '' && systolic.trim() !== '',
    };
    if (this.tried && (key === 'systolic' || key === 'diastolic') && missing[key]) {
      return { kind: 'error', text: m.vitalsEntry.pair };
    }
    return null;
  }
}

/** Hard limits refuse; anything else unusual is asked about, with a guess at a forgotten decimal point. */
export function examine(key: VitalKey, text: string): Finding | null {
  const { hard, usual, digits } = vitalSign(key);
  const value = parseNumber(text);
  if (value === null) return { kind: 'error', text: m.vitalsEntry.number };
  if (value < hard[0] || value > hard[1]) {
    const tenth = value / 10;
    const meant = digits === 1 && tenth >= usual[0] && tenth <= usual[1] ? tenth : undefined;
    return { kind: 'error', text: m.vitalsEntry.range(hard[0], hard[1]), meant };
  }
  if (value >= usual[0] && value <= usual[1]) return null;
  const shown = `${formatVital(key, value)} ${m.units[key]}`;
  return { kind: 'question', text: m.vitalsEntry.unusual(m.vitals[key], shown) };
}
