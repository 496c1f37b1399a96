/** Whom an appointment may be about: the patients of the person. */
import { api, unwrap } from '#api/client.ts';
import type { Pickable } from '#ui/Picker.svelte';

export async function findPatients(query: string): Promise<Pickable[]> {
  const page = await unwrap(
    api.GET('/v1/patients', { params: { query: { query: query || undefined, limit: 20 } } }),
  );
  return page.items.map(({ id, name, kana }) => ({ id, name, note: kana }));
}
