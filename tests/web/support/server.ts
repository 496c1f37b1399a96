/** The published interface, for what a journey needs from outside the page. */
import { nextCode } from './codes.ts';
import type { Person } from './people.ts';

const server = process.env['TSUMUGI_WEB_BASE_URL'] ?? 'http://localhost:8080';

interface Caller {
  get: <T>(path: string) => Promise<T>;
  post: <T>(path: string, body: object) => Promise<T>;
}

/** Someone who calls the interface without a page; the factors are fresh. */
export async function callAs(person: Person, purpose: string): Promise<Caller> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json', 'Tsumugi-Purpose': purpose };
  const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const response = await fetch(`${server}${path}`, { method, headers, body: sent });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  const { login, password } = person;
  const session = await call<{ access_token: string }>('POST', '/v1/sessions', {
    login,
    password,
    code: await nextCode(person),
    transport: 'body',
  });
  headers['Authorization'] = `Bearer ${session.access_token}`;
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
