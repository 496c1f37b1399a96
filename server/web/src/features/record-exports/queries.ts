import '#i18n/parts/record-exports.ts';
import { list, post } from '#api/call.ts';
import { api, unwrap } from '#api/client.ts';
import type { CreateRecordExport, ExportLink, RecordExport } from '#api/record-exports.types.ts';
import type { Patient } from '#api/types.ts';

export function findPatient(patient_id: string): Promise<Patient> {
  return unwrap(api.GET('/v1/patients/{patient_id}', { params: { path: { patient_id } } }));
}

export function listRecordExports(patientId: string): Promise<RecordExport[]> {
  return list(`/v1/patients/${patientId}/record-exports`);
}

export function createRecordExport(patientId: string, asked: CreateRecordExport): Promise<RecordExport> {
  return post(`/v1/patients/${patientId}/record-exports`, asked, { key: asked.id });
}

export function createLink(patientId: string, exportId: string, number: number): Promise<ExportLink> {
  return post(`/v1/patients/${patientId}/record-exports/${exportId}/links`, { number });
}
