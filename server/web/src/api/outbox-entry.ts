/** One write on its way to the server, and the pure rules of its life. */
import { backoff } from './backoff.ts';
import type { ApiError } from './errors.ts';

export type EntryState = 'waiting' | 'sending' | 'failed';

export interface OutboxEntry {
  /** Also the idempotency key: the server does the thing once, however often it is sent. */
  id: string;
  /** Entries of one queue (a patient) go in order. */
  queue: string;
  kind:
    | 'post'
    | 'acknowledge'
    | 'ask'
    | 'amend'
    | 'retract'
    | 'react'
    | 'unreact'
    | 'pin'
    | 'unpin'
    | 'approve'
    | 'give_back'
    | 'read_mark'
    | 'patient'
    | 'appointment'
    | 'fact'
    | 'fact_change'
    | 'fact_confirm'
    | 'fact_end'
    | 'message'
    | 'message_act'
    | 'room_mark'
    | 'confirm';
  method: 'POST' | 'PUT';
  path: string;
  body: unknown;
  ifMatch?: string;
  created_at: string;
  state: EntryState;
  attempts: number;
  not_before: number;
  failure?: { status: number; code: string; fields: ApiError['fields'] };
}

export type NewEntry = Pick<OutboxEntry, 'id' | 'queue' | 'kind' | 'method' | 'path' | 'body' | 'ifMatch'>;

export type Outcome =
  { type: 'sent' } | { type: 'retry'; entry: OutboxEntry } | { type: 'failed'; entry: OutboxEntry };

/** Read marks are housekeeping: nobody needs to watch them. */
export function isQuiet(entry: Pick<OutboxEntry, 'kind'>): boolean {
  return entry.kind === 'read_mark' || entry.kind === 'room_mark';
}

export function newEntry(entry: NewEntry, now: number): OutboxEntry {
  return { ...entry, created_at: new Date(now).toISOString(), state: 'waiting', attempts: 0, not_before: 0 };
}

/** What an answer means for the entry; null is success. */
export function settle(entry: OutboxEntry, error: ApiError | null, now: number): Outcome {
  if (error === null || isThere(entry, error)) return { type: 'sent' };
  if (isQuiet(entry) && !error.transient) return { type: 'sent' };
  const attempts = entry.attempts + 1;
  if (error.transient) {
    const delay = error.retryAfter === null ? backoff(attempts) : error.retryAfter * 1000;
    return { type: 'retry', entry: { ...entry, state: 'waiting', attempts, not_before: now + delay } };
  }
  const failure = { status: error.status, code: error.code, fields: error.fields };
  return { type: 'failed', entry: { ...entry, state: 'failed', attempts, failure } };
}

/** It was taken in before: the answer was lost on the way. */
function isThere(entry: OutboxEntry, error: ApiError): boolean {
  const known = {
    post: 'post_exists',
    message: 'message_exists',
    appointment: 'appointment_exists',
    fact: 'fact_exists',
  } as Record<string, string>;
  return known[entry.kind] === error.code;
}

/** The entries that may be sent now: the oldest of each queue, unless it has to wait. Failed ones stand aside. */
export function due(entries: readonly OutboxEntry[], now: number): OutboxEntry[] {
  const seen = new Set<string>();
  const heads = entries.filter((entry) => {
    if (entry.state === 'failed' || seen.has(entry.queue)) return false;
    seen.add(entry.queue);
    return true;
  });
  return heads.filter((entry) => entry.state === 'waiting' && entry.not_before <= now);
}
