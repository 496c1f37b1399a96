/** Outside which vital signs somebody is told (連絡の基準). */
import { api, once, unwrap } from '#api/client.ts';
import type { components } from '#api/schema.gen.ts';
import { uuidv7 } from '#api/uuid.ts';
import { parseNumber } from '#ui/format/kana.ts';
import { formatVital, vitalSigns, type VitalKey } from '#ui/vital-signs.ts';

export type VitalLimits = components['schemas']['VitalLimitsView'];
type NewLimits = components['schemas']['UpdateVitalLimits'];

export function findLimits(patient_id: string): Promise<VitalLimits> {
  const params = { path: { patient_id } };
  return unwrap(api.GET('/v1/patients/{patient_id}/vital-limits', { params }));
}

export function saveLimits(patient_id: string, version: number, body: NewLimits): Promise<VitalLimits> {
  const header = { 'If-Match': `"${String(version)}"`, ...once(uuidv7()) };
  const params = { path: { patient_id }, header };
  return unwrap(api.PUT('/v1/patients/{patient_id}/vital-limits', { params, headers: header, body }));
}

/** The lowest and the highest value as they are typed. */
export type RangeTexts = Record<string, { low: string; high: string }>;

export function textsOf(limits: VitalLimits | null): RangeTexts {
  return Object.fromEntries(
    vitalSigns.map(({ key }) => {
      const range = limits?.limits[key];
      const text = (value: number | null | undefined) => (value == null ? '' : formatVital(key, value));
      return [key, { low: text(range?.low), high: text(range?.high) }];
    }),
  );
}

export interface Ranges {
  limits: NewLimits['limits'];
  /** The signs of which the texts make no sense. */
  wrong: VitalKey[];
}

/** A number that was typed; nothing where nothing was, `undefined` where no possible number was. */
function valueOf(text: string, [least, most]: readonly [number, number]): number | null | undefined {
  if (text.trim() === '') return null;
  const value = parseNumber(text.trim());
  return value != null && value >= least && value <= most ? value : undefined;
}

export function rangesOf(texts: RangeTexts): Ranges {
  const limits: NewLimits['limits'] = {};
  const wrong: VitalKey[] = [];
  for (const { key, hard } of vitalSigns) {
    const typed = texts[key];
    const low = valueOf(typed?.low ?? '', hard);
    const high = valueOf(typed?.high ?? '', hard);
    const turned = low != null && high != null && low > high;
    if (low === undefined || high === undefined || turned) wrong.push(key);
    else if (low !== null || high !== null) limits[key] = { low, high };
  }
  return { limits, wrong };
}
