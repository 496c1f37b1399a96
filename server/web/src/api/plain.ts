/** Calls that need no session: signing in, enrolment, what a device may ask for itself. The cookies go along. */
import { activity } from './activity.ts';
import { connection } from './connection.svelte.ts';
import { offlineError, problemFrom } from './errors.ts';

export async function sendPlain<T>(
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
  more: Record<string, string> = {},
): Promise<T> {
  const headers: Record<string, string> = { ...more };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (activity.attended()) activity.count();
  else headers['Tsumugi-Unattended'] = 'true';
  const request = { method, headers, body: body === undefined ? undefined : JSON.stringify(body) };
  const response = await fetch(path, request).catch(() => {
    connection.lost();
    throw offlineError();
  });
  connection.reached();
  if (!response.ok) throw await problemFrom(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}
