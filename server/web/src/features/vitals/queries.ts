import { api, everyPage, unwrap } from '#api/client.ts';
import type { VitalsItem } from '#api/types.ts';
import { addDays, startOfDay, today } from '#ui/format/dates.ts';

/** What a patient's page holds at once, in days; shorter periods are cut from it on the device. */
export const RECENT = 90;
/** The longest period that the graph shows, in days. */
export const LONGEST = 1095;

export function listVitals(patient_id: string, days: number): Promise<VitalsItem[]> {
  const from = startOfDay(addDays(today(), -days));
  const path = { patient_id };
  return everyPage((cursor) =>
    unwrap(api.GET('/v1/patients/{patient_id}/vitals', { params: { path, query: { from, cursor } } })),
  );
}
