/** The vital signs: order, hard limits (the server's), what is worth a question, and the usual range. */
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
  { key: 'respiration', digits: 0, hard: [2, 80], usual: [8, 28], alert: [10, 24], normal: [12, 20] },
  { key: 'weight', digits: 1, hard: [0.3, 400], usual: [25, 120] },
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
