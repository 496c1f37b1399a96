/**
 * Who is signed in. The access token lives in memory only; the refresh token is an HttpOnly cookie that no
 * script sees. One tab at a time refreshes (Web Lock), because each refresh replaces the cookie.
 */
import { cache } from './cache.ts';
import { connection } from './connection.svelte.ts';
import { ApiError, offlineError, problemFrom, toApiError } from './errors.ts';
import type { Me, SessionAnswer } from './types.ts';
import { vault } from './vault.ts';

export type SessionState = 'starting' | 'signed_out' | 'signed_in';
export type EndReason = 'expired' | 'ended';

class Session {
  state = $state<SessionState>('starting');
  me = $state.raw<Me | null>(null);
  endReason = $state<EndReason | null>(null);
  #token: { value: string; until: number } | null = null;
  #refreshing: Promise<void> | null = null;
  #tabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('tsumugi-session');

  constructor() {
    this.#tabs?.addEventListener('message', () => this.#forget(null));
  }

  /** Shows yesterday's data at once if this device has it, then asks the server for a fresh token. */
  async start(): Promise<void> {
    const account = await vault.restore().catch(() => null);
    const known = account === null ? null : await cache.get<Me>('me');
    if (known) {
      this.me = known.value;
      this.state = 'signed_in';
    }
    if (account !== null) await this.refresh().catch(() => undefined);
    if (this.state === 'starting') this.state = 'signed_out';
  }

  async signIn(login: string, password: string): Promise<void> {
    const body = { login, password, transport: 'cookie', remember: true };
    await this.#accept(await post('/v1/sessions', body));
    this.endReason = null;
  }

  async signOut(): Promise<void> {
    const token = this.#token?.value;
    const headers = token ? { Authorization: `Bearer ${token}` } : undefined;
    await fetch('/v1/sessions/current', { method: 'DELETE', headers }).catch(() => undefined);
    await vault.wipe();
    this.#tabs?.postMessage('signed_out');
    this.#forget(null);
  }

  /** A token that is good for at least a few more seconds. */
  async token(): Promise<string> {
    if (!this.#token || this.#token.until < Date.now()) await this.refresh();
    if (!this.#token) throw new ApiError(401, 'unauthenticated');
    return this.#token.value;
  }

  refresh(): Promise<void> {
    this.#refreshing ??= withLock('tsumugi-refresh', () => this.#refresh()).finally(
      () => (this.#refreshing = null),
    );
    return this.#refreshing;
  }

  async #refresh(): Promise<void> {
    try {
      await this.#accept(await post('/v1/sessions/refresh', {}));
    } catch (reason) {
      const error = toApiError(reason);
      if (error.status === 401) await this.end(error.code === 'session_ended' ? 'ended' : 'expired');
      throw error;
    }
  }

  /** Ended by the server: everything goes. Expired: what was written stays, sealed, for the next sign-in. */
  async end(reason: EndReason): Promise<void> {
    const wasSignedIn = this.me !== null;
    if (reason === 'ended') await vault.wipe();
    else await vault.lock();
    this.#forget(wasSignedIn ? reason : null);
  }

  async #accept(answer: SessionAnswer): Promise<void> {
    this.#token = { value: answer.access_token, until: Date.now() + (answer.expires_in - 15) * 1000 };
    await vault.open(answer.me.account_id, answer.cache_key);
    await cache.put('me', answer.me);
    this.me = answer.me;
    this.state = 'signed_in';
  }

  #forget(reason: EndReason | null): void {
    this.#token = null;
    this.me = null;
    this.endReason = reason;
    this.state = 'signed_out';
  }
}

export const session = new Session();

async function post(path: string, body: unknown): Promise<SessionAnswer> {
  const headers = { 'Content-Type': 'application/json' };
  const request = { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await fetch(path, request).catch(() => {
    connection.lost();
    throw offlineError();
  });
  connection.reached();
  if (!response.ok) throw await problemFrom(response);
  return (await response.json()) as SessionAnswer;
}

function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  return 'locks' in navigator ? navigator.locks.request(name, work) : work();
}
