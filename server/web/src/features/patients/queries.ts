import { api, everyPage, unwrap } from '#api/client.ts';
import type { Patient, PatientItem } from '#api/types.ts';
import { toHiragana } from '#ui/format/kana.ts';

export function listPatients(query?: string): Promise<PatientItem[]> {
  return everyPage((cursor) =>
    unwrap(api.GET('/v1/patients', { params: { query: { query, cursor, limit: 100 } } })),
  );
}

export function findPatient(patient_id: string): Promise<Patient> {
  return unwrap(api.GET('/v1/patients/{patient_id}', { params: { path: { patient_id } } }));
}

/** The part of the search that works without signal: names and kana, in whatever letters were typed. */
export function matches(patient: PatientItem, query: string): boolean {
  const wanted = toHiragana(query).replaceAll(' ', '').toLowerCase();
  const texts = [patient.name, patient.kana].map((text) =>
    toHiragana(text).replaceAll(' ', '').toLowerCase(),
  );
  return texts.some((text) => text.includes(wanted));
}
