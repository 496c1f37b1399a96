/** The typed client: every call carries the bearer token, is retried once with a new one, and fails as `ApiError`. */
import createClient from 'openapi-fetch';
import { connection } from './connection.svelte.ts';
import { offlineError, problemFrom } from './errors.ts';
import type { paths } from './schema.gen.ts';
import { session } from './session.svelte.ts';

export async function authorizedFetch(request: Request): Promise<Response> {
  const again = request.clone();
  const first = await send(request);
  if (first.status !== 401) return first;
  const problem = await problemFrom(first.clone());
  if (problem.code === 'session_ended') {
    await session.end('ended');
    return first;
  }
  await session.refresh();
  return send(again);
}

async function send(request: Request): Promise<Response> {
  request.headers.set('Authorization', `Bearer ${await session.token()}`);
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
