/** Whom a picker offers: staff of the network, and patients as far as the person may know of them. */
import { api, unwrap } from '#api/client.ts';
import { isUuid } from '#api/uuid.ts';
import type { Pickable } from './Picker.svelte';

export async function findStaff(query: string): Promise<Pickable[]> {
  const page = await unwrap(api.GET('/v1/staff-members', { params: { query: { query, limit: 20 } } }));
  return page.items.map(({ id, name, profession, facility }) => ({
    id,
    name,
    profession,
    note: facility.name,
  }));
}

/** Auditors and administrators have no patients of their own: they choose among those that the log names. */
export async function findPatients(query: string): Promise<Pickable[]> {
  if (isUuid(query)) return [{ id: query, name: query }];
  const own = unwrap(
    api.GET('/v1/patients', { params: { query: { query: query || undefined, limit: 20 } } }),
  );
  const logged = unwrap(api.GET('/v1/access-log', { params: { query: { limit: 100 } } }));
  const patients = await own.then(
    ({ items }) => items.map(({ id, name, kana }): Pickable => ({ id, name, note: kana })),
    () => [],
  );
  if (patients.length > 0) return patients;
  const entries = await logged.then(
    ({ items }) => items,
    () => [],
  );
  const named = new Map<string, Pickable>();
  for (const { patient } of entries)
    if (patient?.name?.includes(query)) named.set(patient.id, { id: patient.id, name: patient.name });
  return [...named.values()];
}
