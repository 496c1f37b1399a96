import { api, everyPage, unwrap } from '#api/client.ts';
import type { VitalsItem } from '#api/types.ts';
import { addDays, startOfDay, today } from '#ui/format/dates.ts';

/** The longest period that the graph shows; shorter ones are cut from it on the device. */
export const LONGEST = 1095;

export function listVitals(patient_id: string): Promise<VitalsItem[]> {
  const from = startOfDay(addDays(today(), -LONGEST));
  const path = { patient_id };
  return everyPage((cursor) =>
    unwrap(api.GET('/v1/patients/{patient_id}/vitals', { params: { path, query: { from, cursor } } })),
  );
}
