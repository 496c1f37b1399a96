/**
 * Who is signed in. The access token lives in memory only; the refresh token is an HttpOnly cookie that no
 * script sees. One tab at a time changes it (Web Lock), because each answer replaces the cookie.
 */
import { activity } from './activity.ts';
import { cache } from './cache.ts';
import { drafts } from './drafts.ts';
import { ApiError, toApiError } from './errors.ts';
import { complete } from './identity.types.ts';
import type { Me, PasskeyAnswer, SessionAnswer, SignIn, StepUp } from './identity.types.ts';
import { purposeOf } from './purpose.ts';
import { sendPlain } from './plain.ts';
import { browserName, thisDevice } from './this-device.ts';
import { vault } from './vault.ts';
import { withLock, within } from './waiting.ts';

/** A shared device that was left for longer shows nothing before somebody signs in. */
const SHARED_IDLE_MS = 15 * 60_000;

export type SessionState = 'starting' | 'signed_out' | 'signed_in';
export type EndReason = 'expired' | 'ended';

class Session {
  state = $state<SessionState>('starting');
  me = $state.raw<Me | null>(null);
  endReason = $state<EndReason | null>(null);
  #token: { value: string; until: number } | null = null;
  #refreshing: Promise<void> | null = null;
  #leaving = false;
  /** Counts the times somebody signed out: what was asked before is not for whoever comes after. */
  #signedOut = 0;
  #tabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('tsumugi-session');

  constructor() {
    this.#tabs?.addEventListener('message', ({ data }: MessageEvent<string>) => {
      // Another tab has a newer session of the same person: ask the cookie for a token next time.
      if (data === 'renewed') this.#token = null;
      else this.#leave();
    });
  }

  /** Whether several people use this device in turn. */
  get shared(): boolean {
    return this.me?.device?.kind === 'shared' || (this.me === null && thisDevice.shared !== null);
  }

  /** Shows yesterday's data at once if this device has it, then asks the server for a fresh token. */
  async start(): Promise<void> {
    if (thisDevice.shared !== null && !activity.lately(SHARED_IDLE_MS)) await vault.lockAll('forget_key');
    const account = await vault.restore().catch(() => null);
    const known = account === null ? null : await cache.get<Me>('me');
    if (known) {
      this.me = complete(known.value);
      this.state = 'signed_in';
    }
    if (account !== null) await this.refresh().catch(() => undefined);
    if (this.state === 'starting') this.state = 'signed_out';
  }

  signIn(how: SignIn): Promise<void> {
    return this.#open('/v1/sessions', { ...how, ...this.#keeping() });
  }

  signInWithPasskey(network: string, answer: PasskeyAnswer): Promise<void> {
    return this.#open('/v1/sessions/passkey', { network, ...answer, ...this.#keeping() });
  }

  /** Comes back to a shared device with a PIN; whoever is signed in there is locked. */
  switchTo(account_id: string, pin: string): Promise<void> {
    return this.#open('/v1/sessions/switch', { account_id, pin, transport: 'cookie' });
  }

  /** Takes up a session that an answer has brought, as at the end of an enrolment. */
  async accept(answer: SessionAnswer): Promise<void> {
    await this.#accept(answer);
    this.endReason = null;
  }

  /** Shows fresh factors; the server goes on with a new session under the same key. */
  stepUp(how: StepUp): Promise<void> {
    return this.#replace('/v1/sessions/current/step-up', how);
  }

  /** Acts for another of one's posts. */
  async changePost(staff_member_id: string): Promise<void> {
    await this.#replace('/v1/sessions/current/post', { staff_member_id });
    // What was read for one post is not for the other.
    await cache.forget('');
    if (this.me) await cache.put('me', this.me);
  }

  /** Leaves the shared device to the next person: the shift stays open, everything readable goes. */
  async lock(): Promise<void> {
    this.state = 'starting';
    await drafts.flush().catch(() => undefined);
    await within(2_000, this.token());
    const headers = this.#headers();
    this.#leaving = true;
    await vault.lock(undefined, 'forget_key').catch(() => undefined);
    await within(2_000, fetch('/v1/sessions/current/lock', { method: 'POST', headers, body: '{}' }));
    this.#tabs?.postMessage('locked');
    this.#leave();
  }

  async signOut(): Promise<void> {
    // A page that has just been opened is still waiting for its token: without it the server would not take notice.
    await within(2_000, this.token());
    this.#signedOut++;
    await fetch('/v1/sessions/current', { method: 'DELETE', headers: this.#headers() }).catch(
      () => undefined,
    );
    await vault.wipe();
    this.#tabs?.postMessage('signed_out');
    if (this.shared) this.#leave();
    else this.#forget(null);
  }

  /** The password is too old: nothing else is answered until it has been changed. */
  requirePasswordChange(): void {
    if (this.me) this.me = { ...this.me, password_change_required: true };
  }

  passwordChanged(): void {
    if (this.me) this.me = { ...this.me, password_change_required: false };
  }

  /** A token that is good for at least a few more seconds. */
  async token(): Promise<string> {
    if (!this.#token || this.#token.until < Date.now()) await this.refresh();
    if (!this.#token) throw new ApiError(401, 'unauthenticated');
    return this.#token.value;
  }

  /** A newer token than `spent`: one that another call has fetched meanwhile, or a fresh one. */
  async tokenAfter(spent: string): Promise<string> {
    if (this.#token === null || this.#token.value === spent) await this.refresh();
    return this.token();
  }

  refresh(): Promise<void> {
    this.#refreshing ??= withLock(() => this.#refresh()).finally(() => (this.#refreshing = null));
    return this.#refreshing;
  }

  async #refresh(): Promise<void> {
    const before = this.me?.account_id;
    const signedOut = this.#signedOut;
    try {
      const answer = await sendPlain<SessionAnswer>('POST', '/v1/sessions/refresh', {});
      if (signedOut !== this.#signedOut) return await endOf(answer);
      // The cookie belongs to someone else by now: nothing of the first person may stay on the screen.
      if (before !== undefined && before !== answer.me.account_id) return this.#leave();
      await this.#accept(answer);
    } catch (reason) {
      const error = toApiError(reason);
      // A device that was stopped, or is not registered where only registered ones may be used, keeps nothing.
      if (error.code === 'device_required') await this.end('ended');
      else if (error.status === 401) await this.end(error.code === 'session_ended' ? 'ended' : 'expired');
      throw error;
    }
  }

  /** Ended by the server: everything goes. Expired: what was written stays, sealed, for the next sign-in. */
  async end(reason: EndReason): Promise<void> {
    const wasSignedIn = this.me !== null;
    await drafts.flush().catch(() => undefined);
    if (reason === 'ended') await vault.wipe();
    else await vault.lock(undefined, this.shared ? 'forget_key' : 'keep_key');
    if (this.shared) this.#leave();
    // Calls that were under way hear of the end once more: why it ended is still to be read.
    else this.#forget(wasSignedIn ? reason : this.endReason);
  }

  #open(path: string, body: unknown): Promise<void> {
    return withLock(async () => {
      await this.#accept(await sendPlain<SessionAnswer>('POST', path, body));
      this.endReason = null;
    });
  }

  async #replace(path: string, body: object): Promise<void> {
    await this.token();
    return withLock(async () => {
      const whole = { ...body, transport: 'cookie' };
      await this.#accept(await sendPlain<SessionAnswer>('POST', path, whole, this.#headers()));
      this.#tabs?.postMessage('renewed');
    });
  }

  #keeping() {
    const remember = thisDevice.shared === null;
    return { transport: 'cookie', remember, device_name: browserName() };
  }

  #headers(): Record<string, string> {
    const headers: Record<string, string> = {
      'Content-Type': 'application/json',
      'Tsumugi-Purpose': purposeOf(this.me),
    };
    if (this.#token) headers['Authorization'] = `Bearer ${this.#token.value}`;
    return headers;
  }

  async #accept(answer: SessionAnswer): Promise<void> {
    if (this.#leaving) return;
    const me = complete(answer.me);
    this.#token = { value: answer.access_token, until: Date.now() + (answer.expires_in - 15) * 1000 };
    await vault.open(me.account_id, answer.cache_key, me.device?.kind === 'shared');
    await cache.put('me', me);
    thisDevice.network = me.tenant.slug;
    thisDevice.shared = me.device?.kind === 'shared' ? me.device.name : null;
    this.me = me;
    this.state = 'signed_in';
  }

  #forget(reason: EndReason | null): void {
    this.#token = null;
    this.me = null;
    this.endReason = reason;
    this.state = 'signed_out';
  }

  /** Leaves page and memory behind: a new document knows nothing of the person before. */
  #leave(): void {
    this.#leaving = true;
    this.#forget(null);
    if (typeof location === 'undefined') return;
    this.state = 'starting';
    sessionStorage.clear();
    location.replace('/');
  }
}

export const session = new Session();

if (typeof window !== 'undefined') {
  // A page that the browser had put aside may show the person before.
  window.addEventListener('pageshow', (event) => event.persisted && location.reload());
}

/** Ends a session that came after its person had left. */
async function endOf({ access_token, me }: SessionAnswer): Promise<void> {
  const headers = { Authorization: `Bearer ${access_token}`, 'Tsumugi-Purpose': purposeOf(me) };
  await fetch('/v1/sessions/current', { method: 'DELETE', headers }).catch(() => undefined);
}
