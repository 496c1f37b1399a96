import '#i18n/parts/grounds.ts';
import type { Substitution } from '#api/access.types.ts';
import { list, post } from '#api/call.ts';
import { api, unwrap } from '#api/client.ts';
import { uuidv7 } from '#api/uuid.ts';
import type { Pickable } from '#ui/Picker.svelte';

export { findStaff } from '#ui/find-people.ts';

export function listSubstitutions(): Promise<Substitution[]> {
  return list('/v1/substitutions');
}

export interface NewSubstitution {
  absent_id: string;
  substitute_id: string;
  patient_id?: string;
  reason: 'deputy' | 'on_call' | 'leave';
  starts_at: string;
  ends_at: string;
}

export function createSubstitution(substitution: NewSubstitution): Promise<Substitution> {
  const body = { id: uuidv7(), ...substitution };
  return post('/v1/substitutions', body, { key: body.id });
}

export function endSubstitution(id: string): Promise<unknown> {
  return post(`/v1/substitutions/${id}/end`);
}

export async function findPatients(query: string): Promise<Pickable[]> {
  const page = await unwrap(
    api.GET('/v1/patients', { params: { query: { query: query || undefined, limit: 100 } } }),
  );
  return page.items.map(({ id, name, kana }) => ({ id, name, note: kana }));
}
