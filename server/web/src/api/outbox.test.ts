import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from './errors.ts';
import { due, newEntry, settle, type NewEntry } from './outbox-entry.ts';
import { uuidv7 } from './uuid.ts';

const answers: (() => Response)[] = [];
const seen: Request[] = [];
let online = false;
vi.mock('./client.ts', () => ({
  authorizedFetch: (request: Request) => {
    seen.push(request);
    const answer = answers.shift() ?? (online ? () => Response.json({}) : null);
    return answer ? Promise.resolve(answer()) : Promise.reject(new TypeError('no network'));
  },
}));
const { outbox } = await import('./outbox.svelte.ts');
const { vault } = await import('./vault.ts');

const post = (queue = 'p1', id = uuidv7()): NewEntry => {
  const body = { id, body: '記録' };
  return { id, queue, kind: 'post', method: 'POST', path: 'http://localhost/v1/x', body };
};
const problem = (status: number, code: string) => () => Response.json({ code }, { status });

/** Tries until nothing is left; a run that is under way is not disturbed by another. */
function allSent(): Promise<void> {
  return vi.waitFor(async () => {
    await outbox.retryAll();
    expect(outbox.entries).toEqual([]);
  });
}

beforeEach(async () => {
  answers.length = 0;
  seen.length = 0;
  online = false;
  await vault.wipe();
  await vault.open('a', btoa('k'.repeat(32)));
  await outbox.load();
});

describe('the rules of an entry', () => {
  const entry = newEntry(post(), 0);
  it('takes 409 post_exists as sent', () => {
    expect(settle(entry, new ApiError(409, 'post_exists'), 0).type).toBe('sent');
  });
  it('retries when the server is away, later and later', () => {
    const first = settle(entry, new ApiError(503, 'unavailable'), 0);
    expect(first.type).toBe('retry');
    if (first.type !== 'retry') return;
    const second = settle({ ...first.entry, attempts: 4 }, new ApiError(0, 'offline'), 0);
    expect(second.type === 'retry' && second.entry.not_before).toBeGreaterThan(first.entry.not_before);
  });
  it('waits as long as the server asks', () => {
    const outcome = settle(entry, new ApiError(429, 'rate_limited', { retry_after: 9 }), 1000);
    expect(outcome.type === 'retry' && outcome.entry.not_before).toBe(10_000);
  });
  it('stops at a refusal and keeps the text', () => {
    const outcome = settle(entry, new ApiError(422, 'invalid_input'), 0);
    expect(outcome).toMatchObject({ type: 'failed', entry: { state: 'failed', body: { body: '記録' } } });
  });
  it('sends one at a time for each patient, and a failed one stands aside', () => {
    const [a, b, c] = [newEntry(post('p1'), 0), newEntry(post('p1'), 0), newEntry(post('p2'), 0)];
    expect(due([a, b, c], 0)).toEqual([a, c]);
    expect(due([{ ...a, state: 'failed' }, b, c], 0)).toEqual([b, c]);
    expect(due([{ ...a, not_before: 5 }, b], 0)).toEqual([]);
  });
});

describe('the outbox', () => {
  it('keeps an entry over a reload, and sends it with its own name as idempotency key', async () => {
    const entry = post();
    await outbox.add(entry);
    await vi.waitFor(() => expect(outbox.entries[0]?.attempts).toBe(1));
    outbox.entries = [];
    await outbox.load();
    expect(outbox.entries[0]?.body).toEqual(entry.body);
    online = true;
    await allSent();
    expect(seen.at(-1)?.headers.get('Idempotency-Key')).toBe(entry.id);
  });

  it('keeps the order within a patient', async () => {
    const [first, second] = [post('p1'), post('p1')];
    await outbox.add(first);
    await outbox.add(second);
    await vi.waitFor(() => expect(outbox.entries[0]?.attempts).toBe(1));
    expect(seen.every((request) => request.headers.get('Idempotency-Key') === first.id)).toBe(true);
    online = true;
    await allSent();
    const order = new Set(seen.map((request) => request.headers.get('Idempotency-Key')));
    expect([...order]).toEqual([first.id, second.id]);
  });

  it('tells what was refused and lets the person edit or discard it', async () => {
    answers.push(problem(422, 'invalid_input'));
    const entry = post();
    await outbox.add(entry);
    await vi.waitFor(() => expect(outbox.failed).toHaveLength(1));
    online = true;
    await outbox.retry(entry.id, { ...(entry.body as object), body: '直した記録' });
    await vi.waitFor(() => expect(outbox.entries).toEqual([]));
    expect(await seen.at(-1)?.json()).toMatchObject({ body: '直した記録' });
    expect(seen.at(-1)?.headers.get('Idempotency-Key')).not.toBe(entry.id);
  });

  it('keeps only the newest read mark and does not count it', async () => {
    const mark = () => ({ ...post('read:p1'), kind: 'read_mark' as const });
    await outbox.add(mark());
    await vi.waitFor(() => expect(outbox.entries[0]?.attempts).toBe(1));
    await outbox.add(mark());
    expect(outbox.entries.length).toBeLessThanOrEqual(1);
    expect(outbox.visible).toEqual([]);
  });
});
