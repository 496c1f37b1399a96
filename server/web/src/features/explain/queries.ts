import '#i18n/parts/grounds.ts';
import type { Explanation, Question } from '#api/access.types.ts';
import { get, post } from '#api/call.ts';
import { api, unwrap } from '#api/client.ts';
import type { Patient } from '#api/types.ts';

export { findPatients, findStaff } from '#ui/find-people.ts';

export function explainEntry(eventId: string): Promise<Explanation> {
  return get(`/v1/access-log/${eventId}/explanation`);
}

export function explain(question: Question): Promise<Explanation> {
  return post('/v1/access-explanations', question);
}

export function findPatient(patient_id: string): Promise<Patient> {
  return unwrap(api.GET('/v1/patients/{patient_id}', { params: { path: { patient_id } } }));
}
