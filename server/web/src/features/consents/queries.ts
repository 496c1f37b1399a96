import '#i18n/parts/consent.ts';
import type { Consent, CreateConsent, Evidence, Provision } from '#api/access.types.ts';
import { file, list, post } from '#api/call.ts';
import { api, everyPage, unwrap } from '#api/client.ts';
import type { Facility, Patient } from '#api/types.ts';

export function findPatient(patient_id: string): Promise<Patient> {
  return unwrap(api.GET('/v1/patients/{patient_id}', { params: { path: { patient_id } } }));
}

export function listFacilities(): Promise<Facility[]> {
  return everyPage((cursor) =>
    unwrap(api.GET('/v1/facilities', { params: { query: { cursor, limit: 100 } } })),
  );
}

export function listConsents(patientId: string): Promise<Consent[]> {
  return list(`/v1/patients/${patientId}/consents`);
}

export function createConsent(patientId: string, consent: CreateConsent): Promise<Consent> {
  return post(`/v1/patients/${patientId}/consents`, consent, { key: consent.id });
}

export function withdrawConsent(id: string, reason: string): Promise<unknown> {
  return post(`/v1/consents/${id}/withdraw`, { reason });
}

export function createEvidence(consentId: string, content: Blob): Promise<Evidence> {
  return post(`/v1/consents/${consentId}/evidence`, content, { contentType: content.type });
}

export function findEvidence(id: string): Promise<Blob> {
  return file(`/v1/consent-evidence/${id}`);
}

export interface Period {
  from: string;
  to: string;
}

export function listProvisions(patientId: string, { from, to }: Period): Promise<Provision[]> {
  return list(`/v1/patients/${patientId}/provisions`, { from, to });
}

export function exportProvisions(patientId: string, { from, to }: Period): Promise<Blob> {
  return file(`/v1/patients/${patientId}/provisions.csv`, { from, to });
}
