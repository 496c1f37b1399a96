import '#i18n/parts/consent.ts';
import type { CardHolder, IssuedCard, RegistrationCard } from '#api/access.types.ts';
import { list, post } from '#api/call.ts';
import { api, unwrap } from '#api/client.ts';
import type { Patient } from '#api/types.ts';
import { uuidv7 } from '#api/uuid.ts';

export function findPatient(patient_id: string): Promise<Patient> {
  return unwrap(api.GET('/v1/patients/{patient_id}', { params: { path: { patient_id } } }));
}

export function listCards(patientId: string): Promise<IssuedCard[]> {
  return list(`/v1/patients/${patientId}/registration-cards`);
}

export function issueCard(patientId: string): Promise<RegistrationCard> {
  const id = uuidv7();
  return post(`/v1/patients/${patientId}/registration-cards`, { id }, { key: id });
}

export function revokeCard(id: string): Promise<unknown> {
  return post(`/v1/registration-cards/${id}/revoke`);
}

export function readCard(code: string): Promise<CardHolder> {
  return post('/v1/registration-cards/read', { code });
}

export function linkCard(code: string, value: string): Promise<unknown> {
  return post('/v1/registration-cards/link', { code, value });
}
