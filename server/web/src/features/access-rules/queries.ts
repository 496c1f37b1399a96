import '#i18n/parts/grounds.ts';
import type { AccessOverride, Profession, Right } from '#api/access.types.ts';
import { list, post } from '#api/call.ts';
import { uuidv7 } from '#api/uuid.ts';

export function listProfessions(): Promise<Profession[]> {
  return list('/v1/professions');
}

export function listOverrides(): Promise<AccessOverride[]> {
  return list('/v1/access-overrides');
}

export function createOverride(
  profession: string,
  kind: string,
  takes: Right,
  reason: string,
): Promise<AccessOverride> {
  const id = uuidv7();
  return post('/v1/access-overrides', { id, profession, kind, takes, reason }, { key: id });
}

export function removeOverride(id: string): Promise<unknown> {
  return post(`/v1/access-overrides/${id}/remove`);
}
