import type { Licence } from '#api/access.types.ts';
import { addDays, today } from '#ui/format/dates.ts';

export type Standing = 'revoked' | 'expired' | 'soon' | 'valid';

/** How a licence stands on the day `on`; `soon` is within sixty days of its last day. */
export function standingOf(licence: Licence, on: string = today()): Standing {
  if (licence.revoked_at) return 'revoked';
  if (!licence.valid_until) return 'valid';
  if (licence.valid_until < on) return 'expired';
  return licence.valid_until <= addDays(on, 60) ? 'soon' : 'valid';
}
