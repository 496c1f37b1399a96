/**
 * The vital signs: order, hard limits (the server's), what is worth a question, and the usual range. A test holds order,
 * digits and limits against the published catalogue, `schema/vital-signs.json`.
 */
import type { VitalSigns } from '#api/types.ts';

export type VitalKey = keyof VitalSigns;

export interface VitalSign {
  key: VitalKey;
  digits: 0 | 1;
  hard: readonly [number, number];
  /** Outside this the app asks whether the number is right. */
  usual: readonly [number, number];
  /** Outside this it is shown in vermilion: someone should look at it today. */
  alert?: readonly [number, number];
  /** The band drawn behind the graph: a general guide for adults, not this person's own target. */
  normal?: readonly [number, number];
  /** The values of a scale; they are chosen, not typed. */
  codes?: readonly number[];
  /** Measured now and then: shown when asked for. */
  rare?: true;
}

export const vitalSigns: readonly VitalSign[] = [
  {
    key: 'temperature',
    digits: 1,
    hard: [20, 45],
    usual: [34.5, 38.5],
    alert: [35, 37.4],
    normal: [36, 37.4],
  },
  { key: 'systolic', digits: 0, hard: [20, 320], usual: [80, 180], alert: [90, 169], normal: [90, 139] },
  { key: 'diastolic', digits: 0, hard: [10, 250], usual: [40, 110], alert: [45, 104], normal: [50, 89] },
  { key: 'pulse', digits: 0, hard: [10, 300], usual: [45, 120], alert: [45, 114], normal: [50, 99] },
  { key: 'spo2', digits: 0, hard: [30, 100], usual: [90, 100], alert: [94, 100], normal: [95, 100] },
  { key: 'oxygen', digits: 1, hard: [0, 60], usual: [0, 7], rare: true },
  { key: 'respiration', digits: 0, hard: [2, 80], usual: [8, 28], alert: [10, 24], normal: [12, 20] },
  {
    key: 'consciousness',
    digits: 0,
    hard: [0, 300],
    usual: [0, 3],
    alert: [0, 0],
    codes: [0, 1, 2, 3, 10, 20, 30, 100, 200, 300],
    rare: true,
  },
  { key: 'weight', digits: 1, hard: [0.3, 400], usual: [25, 120] },
  { key: 'glucose', digits: 0, hard: [10, 1500], usual: [60, 300], alert: [70, 299], rare: true },
  { key: 'pain', digits: 0, hard: [0, 10], usual: [0, 6], alert: [0, 6], rare: true },
  { key: 'intake', digits: 0, hard: [0, 15000], usual: [300, 4000], rare: true },
  { key: 'output', digits: 0, hard: [0, 20000], usual: [400, 3500], alert: [400, 20000], rare: true },
  { key: 'stools', digits: 0, hard: [0, 40], usual: [0, 5], rare: true },
  { key: 'stool_form', digits: 0, hard: [1, 7], usual: [1, 7], codes: [1, 2, 3, 4, 5, 6, 7], rare: true },
];

export function vitalSign(key: VitalKey): VitalSign {
  const found = vitalSigns.find((sign) => sign.key === key);
  if (!found) throw new Error(key);
  return found;
}

export function formatVital(key: VitalKey, value: number): string {
  return value.toFixed(vitalSign(key).digits);
}

export type Level = 'within' | 'low' | 'high';

/** Where the value lies against the usual band. */
export function levelOf(key: VitalKey, value: number): Level {
  const range = vitalSign(key).normal;
  if (!range) return 'within';
  if (value < range[0]) return 'low';
  return value > range[1] ? 'high' : 'within';
}

/** Whether someone should look at it today. */
export function alarming(key: VitalKey, value: number): boolean {
  const range = vitalSign(key).alert;
  return range !== undefined && (value < range[0] || value > range[1]);
}
