import '#i18n/parts/consent.ts';
import '#i18n/parts/people.ts';
import type { Invitation, Relative } from '#api/access.types.ts';
import { list, post } from '#api/call.ts';
import { api, unwrap } from '#api/client.ts';
import type { Patient } from '#api/types.ts';
import { uuidv7 } from '#api/uuid.ts';
import { today } from '#ui/format/dates.ts';

export interface NewRelative {
  relation: 'self' | 'family' | 'proxy';
  name: string;
  kana: string;
  label: string;
  login_name: string;
  email: string;
}

export function findPatient(patient_id: string): Promise<Patient> {
  return unwrap(api.GET('/v1/patients/{patient_id}', { params: { path: { patient_id } } }));
}

export function listRelatives(patientId: string): Promise<Relative[]> {
  return list(`/v1/patients/${patientId}/relatives`);
}

export function createRelative(
  patientId: string,
  relative: NewRelative,
): Promise<{ relative: Relative; invitation: Invitation }> {
  const body = { id: uuidv7(), ...relative };
  return post(`/v1/patients/${patientId}/relatives`, body, { key: body.id });
}

export function endRelative(id: string): Promise<unknown> {
  return post(`/v1/relatives/${id}/end`, { ends_on: today() });
}
