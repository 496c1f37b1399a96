/**
 * The typed client: every call carries the bearer token and the purpose of use, is retried once with a new token,
 * and once more after the person has shown fresh factors if the server asks for them; it fails as `ApiError`.
 */
import createClient from 'openapi-fetch';
import { activity } from './activity.ts';
import { connection } from './connection.svelte.ts';
import { ApiError, offlineError, problemFrom } from './errors.ts';
import { purposeOf } from './purpose.ts';
import type { paths } from './schema.gen.ts';
import { session } from './session.svelte.ts';
import { stepUp } from './step-up.svelte.ts';

const UNATTENDED = 'Tsumugi-Unattended';

export async function authorizedFetch(request: Request): Promise<Response> {
  label(request);
  const account = session.me?.account_id;
  const answer = await sendOrRenew(request, account);
  if (answer.status !== 403) return answer;
  const { code } = await problemFrom(answer.clone());
  if (code === 'password_change_required') session.requirePasswordChange();
  if (code === 'device_required') await session.end('ended');
  if (code !== 'step_up_required') return answer;
  // Nobody is there to be asked when the app calls by itself.
  if (request.headers.has(UNATTENDED)) return answer;
  if (!(await stepUp.ask())) throw new ApiError(403, 'step_up_declined');
  if (session.me?.account_id !== account) throw new ApiError(401, 'session_ended');
  return sendOrRenew(request, account);
}

async function sendOrRenew(request: Request, account: string | undefined): Promise<Response> {
  const token = await session.token();
  const first = await send(request.clone(), token);
  if (first.status !== 401) return first;
  const next = await session.tokenAfter(token);
  // What one person asked for is never sent in the name of another.
  if (session.me?.account_id !== account) throw new ApiError(401, 'session_ended');
  return send(request.clone(), next);
}

/** Why the call is made, and whether anybody is there. */
function label(request: Request): void {
  const { headers, url } = request;
  if (!headers.has('Tsumugi-Purpose')) {
    headers.set('Tsumugi-Purpose', purposeOf(session.me, new URL(url).pathname));
  }
  if (activity.attended()) activity.count();
  else headers.set(UNATTENDED, 'true');
}

async function send(request: Request, token: string): Promise<Response> {
  request.headers.set('Authorization', `Bearer ${token}`);
  try {
    const response = await fetch(request);
    connection.reached();
    return response;
  } catch (reason) {
    if (request.signal.aborted) throw reason;
    connection.lost();
    throw offlineError();
  }
}

export const api = createClient<paths>({
  baseUrl: typeof location === 'undefined' ? 'http://localhost' : location.origin,
  fetch: authorizedFetch,
});

/** The body of the answer, or the problem as a thrown `ApiError`. */
export async function unwrap<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await call;
  if (response.ok) return data as T;
  const problem = typeof error === 'object' && error !== null ? error : {};
  throw await problemFrom(Response.json(problem, { status: response.status, headers: response.headers }));
}

/** Headers of a write that must happen once, however often it is sent. */
export function once(key: string): { 'Idempotency-Key': string } {
  return { 'Idempotency-Key': key };
}

/** All pages of a list that is known to be short. */
export async function everyPage<T>(
  load: (cursor: string | undefined) => Promise<{ items: T[]; next?: string | null }>,
  limit = 20,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < limit; page++) {
    const answer = await load(cursor);
    items.push(...answer.items);
    if (!answer.next) break;
    cursor = answer.next;
  }
  return items;
}
