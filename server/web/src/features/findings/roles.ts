/** Who has which page. `may` of the session does not name these acts; the server decides again with every call. */
import { session } from '#api/session.svelte.ts';

export function reviews(): boolean {
  return session.me?.role === 'auditor';
}

export function watches(): boolean {
  return reviews() || session.me?.role === 'network_administrator';
}
