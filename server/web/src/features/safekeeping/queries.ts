import '#i18n/parts/safekeeping.ts';
import { file, get, list, post } from '#api/call.ts';
import type {
  IncidentReport,
  LegalHold,
  NewLegalHold,
  NewWithholding,
  Withholding,
} from '#api/proof.types.ts';
import { uuidv7 } from '#api/uuid.ts';

export function listHolds(): Promise<LegalHold[]> {
  return list('/v1/legal-holds', { limit: 100 });
}

export function createHold(hold: NewLegalHold): Promise<LegalHold> {
  const body = { id: uuidv7(), ...hold };
  return post('/v1/legal-holds', body, { key: body.id });
}

export function releaseHold(id: string, reason: string): Promise<unknown> {
  return post(`/v1/legal-holds/${id}/release`, { reason });
}

export function listWithholdings(): Promise<Withholding[]> {
  return list('/v1/withholdings', { limit: 100 });
}

export function createWithholding(withholding: NewWithholding): Promise<Withholding> {
  const body = { id: uuidv7(), ...withholding };
  return post('/v1/withholdings', body, { key: body.id });
}

export function endWithholding(id: string): Promise<unknown> {
  return post(`/v1/withholdings/${id}/end`);
}

export type IncidentQuery = Record<string, string | null>;

export function findIncident(query: IncidentQuery): Promise<IncidentReport> {
  return get('/v1/access-log/incident-report', query);
}

export function findIncidentSheet(query: IncidentQuery): Promise<Blob> {
  return file('/v1/access-log/incident-report', { ...query, format: 'csv' });
}
