/** Signing in, as the page shows it: passkey, or password and then the code. */
import { ApiError, toApiError } from '#api/errors.ts';
import type { PasskeyQuestion } from '#api/identity.types.ts';
import { autofillPossible, showPasskey } from '#api/passkeys.ts';
import { sendPlain } from '#api/plain.ts';
import { session } from '#api/session.svelte.ts';
import { thisDevice } from '#api/this-device.ts';
import { normalize } from '#ui/format/kana.ts';
import { Countdown } from './countdown.svelte.ts';
import type { DemoAccount } from './demo-accounts.ts';
import { codeAt, secondsLeft } from './totp.ts';

/** What is asked for after the password: nothing yet, the app's code, or what stands in for it. */
export type Second = 'none' | 'code' | 'lost';

export class SignInForm {
  login = $state('');
  password = $state('');
  code = $state('');
  second = $state<Second>('none');
  tried = $state(false);
  working = $state(false);
  error = $state.raw<ApiError | null>(null);
  needsNetwork = $state(false);
  /** The code that a demonstration account has just now. */
  demo = $state.raw<DemoAccount | null>(null);
  readonly blocked = new Countdown();
  readonly demoWait = new Countdown();
  #quiet: AbortController | null = null;

  get network(): string | null {
    const typed = normalize(this.login).split('@')[1]?.trim().toLowerCase();
    return typed || thisDevice.network;
  }

  async submit(): Promise<void> {
    this.tried = true;
    this.error = null;
    if (!this.complete || this.working || this.blocked.left > 0) return;
    this.stopQuietly();
    await this.#try(async () => {
      const code = this.second === 'none' ? '' : normalize(this.code);
      const login = normalize(this.login).toLowerCase();
      await session.signIn({ login, password: this.password, ...(code ? { code } : {}) });
    });
  }

  async usePasskey(): Promise<void> {
    const network = this.network;
    this.needsNetwork = network === null;
    if (network === null || this.working) return;
    this.stopQuietly();
    await this.#try(() => this.#askPasskey(network));
  }

  /** Offers passkeys in the list below the field for the login, where the browser can. */
  async offerQuietly(): Promise<void> {
    const network = thisDevice.network;
    if (network === null || this.#quiet !== null || !(await autofillPossible())) return;
    const quiet = new AbortController();
    this.#quiet = quiet;
    // Nobody has asked for this, so nobody hears of its failure.
    await this.#askPasskey(network, quiet.signal).catch(() => undefined);
    if (this.#quiet === quiet) this.#quiet = null;
  }

  stopQuietly(): void {
    this.#quiet?.abort();
    this.#quiet = null;
  }

  askFor(second: Second): void {
    this.second = second;
    this.code = '';
    this.tried = false;
    this.error = null;
  }

  /** One tap: fills everything in, with the code of this moment, and signs in. */
  async useDemo(account: DemoAccount): Promise<void> {
    this.demo = account;
    this.login = account.login;
    this.password = account.password;
    this.second = account.totp_secret ? 'code' : 'none';
    if (account.totp_secret) this.code = await codeAt(account.totp_secret, Date.now());
    await this.submit();
    // A visitor before used this very code: the next one comes within half a minute.
    if (this.error?.code === 'code_used')
      this.demoWait.start(secondsLeft(Date.now()) + 1, () => void this.useDemo(account));
  }

  get complete(): boolean {
    if (!normalize(this.login).includes('@') || this.password === '') return false;
    if (this.second === 'code') return this.code.length === 6;
    return this.second === 'none' || this.code.trim() !== '';
  }

  async #askPasskey(network: string, quietly?: AbortSignal): Promise<void> {
    const asked = await sendPlain<PasskeyQuestion>('POST', '/v1/sessions/passkey-challenge', { network });
    const credential = await showPasskey(asked.options, quietly);
    // The person has pressed a button meanwhile: one way of signing in is enough.
    if (quietly?.aborted) throw new ApiError(0, 'passkey_aborted');
    const answer = { challenge_id: asked.challenge_id, credential };
    await session.signInWithPasskey(network, answer).catch((reason: unknown) => {
      const error = toApiError(reason);
      throw error.code === 'invalid_credentials' ? new ApiError(401, 'passkey_unknown') : error;
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    this.working = true;
    this.error = null;
    try {
      await work();
    } catch (reason) {
      this.#refused(toApiError(reason));
    } finally {
      this.working = false;
    }
  }

  #refused(error: ApiError): void {
    if (error.code === 'mfa_required') return this.askFor('code');
    this.error = error;
    this.tried = false;
    if (this.second === 'code' && error.status === 401) this.code = '';
    if (error.code === 'too_many_attempts') this.blocked.start(error.retryAfter ?? 30);
  }
}
