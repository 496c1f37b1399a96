import '#i18n/parts/justifications.ts';
import '#i18n/parts/log.ts';
import { list, post } from '#api/call.ts';
import type { JustificationRequest } from '#api/findings.types.ts';
import { listOpen } from './open.ts';

export type Shown = 'open' | 'all';

export function listRequests(shown: Shown): Promise<JustificationRequest[]> {
  return shown === 'open' ? listOpen() : list('/v1/justification-requests', { state: shown });
}

export function answerRequest(id: string, answer: string): Promise<JustificationRequest> {
  return post(`/v1/justification-requests/${id}/answer`, { answer });
}
