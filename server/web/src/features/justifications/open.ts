import '#i18n/parts/justifications.ts';
import { list } from '#api/call.ts';
import type { JustificationRequest } from '#api/findings.types.ts';

/** Those that wait for an answer: all that the start page needs. */
export function listOpen(): Promise<JustificationRequest[]> {
  return list('/v1/justification-requests', { state: 'open' });
}
