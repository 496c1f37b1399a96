import '#i18n/parts/record-exports.ts';
import { file, list } from '#api/call.ts';
import { api, unwrap } from '#api/client.ts';
import type { OwnEntry } from '#api/record-exports.types.ts';
import type { Patient } from '#api/types.ts';

export interface Days {
  from: string;
  to: string;
}

export function findPatient(patient_id: string): Promise<Patient> {
  return unwrap(api.GET('/v1/patients/{patient_id}', { params: { path: { patient_id } } }));
}

export function listOwnEntries(patientId: string, { from, to }: Days): Promise<OwnEntry[]> {
  return list(`/v1/patients/${patientId}/own-entries`, { from, to });
}

export function exportOwnEntries(
  patientId: string,
  { from, to }: Days,
  encoding: 'utf8' | 'shift_jis',
): Promise<Blob> {
  return file(`/v1/patients/${patientId}/own-entries.csv`, { from, to, encoding });
}
