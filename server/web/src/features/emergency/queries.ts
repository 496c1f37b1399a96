import type { EmergencyAccess, EmergencyCategory, FoundPatient, Page } from '#api/access.types.ts';
import { list, post } from '#api/call.ts';
import { uuidv7 } from '#api/uuid.ts';

export type ListState = 'unreviewed' | 'open' | 'all';

/** Whole name or kana, and the day of birth: at most three people. */
export async function searchPatient(name_or_kana: string, birth_date: string): Promise<FoundPatient[]> {
  const found = await post<FoundPatient[] | Page<FoundPatient>>('/v1/emergency-access/search', {
    name_or_kana,
    birth_date,
  });
  return Array.isArray(found) ? found : found.items;
}

export function beginEmergency(
  patientId: string,
  reason: string,
  category: EmergencyCategory,
): Promise<EmergencyAccess> {
  const id = uuidv7();
  return post(`/v1/patients/${patientId}/emergency-access`, { id, reason, category }, { key: id });
}

export function endEmergency(id: string): Promise<unknown> {
  return post(`/v1/emergency-accesses/${id}/end`);
}

export function listEmergencies(state: ListState): Promise<EmergencyAccess[]> {
  return list('/v1/emergency-accesses', { state });
}

export function reviewEmergency(
  id: string,
  finding: 'justified' | 'not_justified',
  note: string,
): Promise<unknown> {
  return post(`/v1/emergency-accesses/${id}/review`, { finding, note });
}
