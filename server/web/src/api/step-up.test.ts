import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from './errors.ts';
import { stepUp } from './step-up.svelte.ts';

const session = vi.hoisted(() => ({
  me: { account_id: 'a', role: 'staff', purposes: ['CAREMGT'] } as { account_id: string } | null,
  token: vi.fn(async () => 'first'),
  tokenAfter: vi.fn(async () => 'second'),
  requirePasswordChange: vi.fn(),
}));
vi.mock('./session.svelte.ts', () => ({ session }));

const { authorizedFetch } = await import('./client.ts');

const problem = (status: number, code: string) => Response.json({ code }, { status });
const done = () => Response.json({ done: true });
const fetched = vi.fn<(request: Request) => Promise<Response>>();
const write = (body = '{"a":1}') =>
  new Request('http://localhost/v1/me/totp', { method: 'POST', body, headers: { 'Idempotency-Key': 'k' } });

let leave: () => void;
beforeEach(() => {
  vi.stubGlobal('fetch', fetched);
  session.me = { account_id: 'a', role: 'staff', purposes: ['CAREMGT'] } as unknown as { account_id: string };
  leave = stepUp.attend();
});
afterEach(() => {
  leave();
  fetched.mockReset();
});

describe('a call that needs fresh factors', () => {
  it('asks, and is sent again as it was', async () => {
    const bodies: string[] = [];
    fetched.mockImplementation(async (request) => {
      bodies.push(`${await request.text()} ${request.headers.get('Idempotency-Key')}`);
      return bodies.length === 1 ? problem(403, 'step_up_required') : done();
    });
    const answer = authorizedFetch(write());
    await vi.waitFor(() => expect(stepUp.open).toBe(true));
    stepUp.settle(true);
    expect((await answer).status).toBe(200);
    expect(bodies).toEqual(['{"a":1} k', '{"a":1} k']);
    expect(stepUp.open).toBe(false);
  });

  it('asks once for several calls', async () => {
    const asked = vi.spyOn(stepUp, 'settle');
    let shown = false;
    fetched.mockImplementation(async () => (shown ? done() : problem(403, 'step_up_required')));
    const answers = [authorizedFetch(write()), authorizedFetch(write()), authorizedFetch(write())];
    await vi.waitFor(() => expect(fetched).toHaveBeenCalledTimes(3));
    await vi.waitFor(() => expect(stepUp.open).toBe(true));
    shown = true;
    stepUp.settle(true);
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(stepUp.open).toBe(false);
    expect(asked).toHaveBeenCalledOnce();
    expect(fetched).toHaveBeenCalledTimes(6);
  });

  it('says so when the person declines', async () => {
    fetched.mockImplementation(async () => problem(403, 'step_up_required'));
    const answer = authorizedFetch(write());
    await vi.waitFor(() => expect(stepUp.open).toBe(true));
    stepUp.settle(false);
    await expect(answer).rejects.toMatchObject(new ApiError(403, 'step_up_declined'));
    expect(fetched).toHaveBeenCalledOnce();
  });

  it('asks nobody when the app calls by itself', async () => {
    fetched.mockImplementation(async () => problem(403, 'step_up_required'));
    const request = write();
    request.headers.set('Tsumugi-Unattended', 'true');
    expect((await authorizedFetch(request)).status).toBe(403);
    expect(stepUp.open).toBe(false);
  });

  it('is not sent in the name of whoever came meanwhile', async () => {
    fetched.mockImplementation(async () => problem(403, 'step_up_required'));
    const answer = authorizedFetch(write());
    await vi.waitFor(() => expect(stepUp.open).toBe(true));
    session.me = { account_id: 'b' };
    stepUp.settle(true);
    await expect(answer).rejects.toMatchObject({ code: 'session_ended' });
    expect(fetched).toHaveBeenCalledOnce();
  });
});

describe('every call', () => {
  it('says why, and carries a new token once the old one is spent', async () => {
    const sent: string[] = [];
    fetched.mockImplementation(async ({ headers }) => {
      sent.push(`${headers.get('Tsumugi-Purpose')} ${headers.get('Authorization')}`);
      return sent.length === 1 ? problem(401, 'token_expired') : done();
    });
    expect((await authorizedFetch(write())).status).toBe(200);
    expect(sent).toEqual(['CAREMGT Bearer first', 'CAREMGT Bearer second']);
  });

  it('is not repeated for another person', async () => {
    fetched.mockImplementation(async () => problem(401, 'session_ended'));
    session.tokenAfter.mockImplementationOnce(async () => {
      session.me = { account_id: 'b' };
      return 'second';
    });
    await expect(authorizedFetch(write())).rejects.toMatchObject({ code: 'session_ended' });
    expect(fetched).toHaveBeenCalledOnce();
  });
});
