/** Calls by address, for operations whose shapes stand in `access.types.ts`; else the same road as `api`. */
import type { Page } from './access.types.ts';
import { authorizedFetch } from './client.ts';
import { problemFrom } from './errors.ts';
import { uuidv7 } from './uuid.ts';

type Query = Record<string, string | number | boolean | null | undefined>;

interface Options {
  query?: Query;
  /** Sent as JSON, unless it is text or a file. */
  body?: unknown;
  contentType?: string;
  /** The idempotency key of a write; by default each call is a new one. */
  key?: string;
  /** The version that the person has seen (`If-Match`). */
  version?: number;
}

export async function get<T>(path: string, query: Query = {}): Promise<T> {
  return (await (await answer('GET', path, { query })).json()) as T;
}

/** All of a list that is known to be short. */
export async function list<T>(path: string, query: Query = {}): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null | undefined;
  for (let page = 0; page < 20; page++) {
    const found = await get<Page<T> | T[]>(path, { ...query, cursor });
    if (Array.isArray(found)) return found;
    items.push(...found.items);
    cursor = found.next;
    if (!cursor) break;
  }
  return items;
}

export async function post<T>(path: string, body: unknown = {}, options: Options = {}): Promise<T> {
  const response = await answer('POST', path, { ...options, body });
  return (response.status === 204 ? null : await response.json()) as T;
}

export async function put<T = void>(path: string, body: unknown, options: Options = {}): Promise<T> {
  const text = await (await answer('PUT', path, { ...options, body })).text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

export async function remove(path: string): Promise<void> {
  await answer('DELETE', path, {});
}

/** The bytes of a file. */
export async function file(path: string, query: Query = {}): Promise<Blob> {
  return (await answer('GET', path, { query })).blob();
}

async function answer(
  method: 'DELETE' | 'GET' | 'POST' | 'PUT',
  path: string,
  options: Options,
): Promise<Response> {
  const address = new URL(path, location.origin);
  for (const [name, value] of Object.entries(options.query ?? {}))
    if (value !== null && value !== undefined && value !== '') address.searchParams.set(name, String(value));
  const headers = new Headers();
  let body: BodyInit | undefined;
  if (method === 'POST' || method === 'PUT') {
    headers.set('Idempotency-Key', options.key ?? uuidv7());
    headers.set('Content-Type', options.contentType ?? 'application/json');
    if (options.version !== undefined) headers.set('If-Match', `"${options.version}"`);
    body = options.contentType ? (options.body as BodyInit) : JSON.stringify(options.body);
  }
  const response = await authorizedFetch(new Request(address, { method, headers, body }));
  if (!response.ok) throw await problemFrom(response);
  return response;
}
