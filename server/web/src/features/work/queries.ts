import { get, list, post } from '#api/call.ts';
import { outbox } from '#api/outbox.svelte.ts';
import type { Ask, Duty, Work } from '#api/work.types.ts';
import { uuidv7 } from '#api/uuid.ts';

export function findWork(): Promise<Work> {
  return get('/v1/work');
}

export function listAskedByMe(open: boolean): Promise<Duty[]> {
  return list('/v1/acknowledgements', { asked: 'by_me', open });
}

/** One tap, with or without signal. */
export function acknowledge(duty: Duty): Promise<void> {
  const path = `/v1/posts/${duty.ask.post_id}/acknowledge`;
  const queue = duty.patient_id ?? duty.ask.post_id;
  return outbox.add({ id: uuidv7(), queue, kind: 'acknowledge', method: 'POST', path, body: {} });
}

export function finishNotice(id: string): Promise<unknown> {
  return post(`/v1/notices/${id}/finish`);
}

export function withdrawAsk(id: string): Promise<Ask> {
  return post(`/v1/acknowledgements/${id}/withdraw`);
}

export function isSending(duty: Duty): boolean {
  return outbox.entries.some(
    (entry) =>
      entry.kind === 'acknowledge' && entry.path.includes(duty.ask.post_id) && entry.state !== 'failed',
  );
}
