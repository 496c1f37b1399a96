/** The published interface, for what a journey needs from outside the page. */
import { alone, freshCode } from './codes.ts';
import type { Person } from './people.ts';

const server = process.env['TSUMUGI_WEB_BASE_URL'] ?? 'http://localhost:8080';

/** Dangerous acts want factors that were shown at most five minutes ago; an access token lasts as long. */
const FRESH = 4 * 60_000;

export interface Caller {
  get: <T>(path: string) => Promise<T>;
  post: <T>(path: string, body: object) => Promise<T>;
}

/** Someone who calls the interface without a page; the factors are fresh, and one session does for many calls. */
export async function callAs(person: Person, purpose: string): Promise<Caller> {
  const token = await alone(person, async (kept) => {
    if (kept.session && Date.now() - kept.session.shown < FRESH) return kept.session.token;
    const { login, password } = person;
    const opened = { login, password, code: await freshCode(person, kept), transport: 'body' };
    const { access_token } = await callAsNobody().post<{ access_token: string }>('/v1/sessions', opened);
    kept.session = { token: access_token, shown: Date.now() };
    return access_token;
  });
  return callerWith({ 'Tsumugi-Purpose': purpose, Authorization: `Bearer ${token}` });
}

/** Someone who has not signed in. */
export function callAsNobody(): Caller {
  return callerWith({});
}

function callerWith(known: Record<string, string>): Caller {
  const headers = { 'Content-Type': 'application/json', ...known };
  const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const response = await fetch(`${server}${path}`, { method, headers, body: sent });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  return { get: (path) => call('GET', path), post: (path, body) => call('POST', path, body) };
}

/** UUIDv7, as the app makes them. */
export function newId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  const random = crypto.randomUUID().replaceAll('-', '');
  return [
    time.slice(0, 8),
    time.slice(8),
    `7${random.slice(0, 3)}`,
    `8${random.slice(3, 6)}`,
    random.slice(6, 18),
  ].join('-');
}
