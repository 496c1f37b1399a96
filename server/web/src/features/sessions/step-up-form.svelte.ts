/** Showing one's factors again, in the dialog that any refused call opens. */
import { toApiError, type ApiError } from '#api/errors.ts';
import type { PasskeyQuestion } from '#api/identity.types.ts';
import { showPasskey } from '#api/passkeys.ts';
import { session } from '#api/session.svelte.ts';
import { post } from '#api/call.ts';
import { stepUp } from '#api/step-up.svelte.ts';
import { normalize } from '#ui/format/kana.ts';
import { Countdown } from './countdown.svelte.ts';
import { demoAccounts, type DemoAccount } from './demo-accounts.ts';
import { codeAt, secondsLeft } from './totp.ts';

export class StepUpForm {
  password = $state('');
  code = $state('');
  /** The app is not at hand: `code` is a recovery code or a temporary one. */
  lost = $state(false);
  /** Which way was tried last. */
  byPasskey = $state(false);
  tried = $state(false);
  working = $state(false);
  error = $state.raw<ApiError | null>(null);
  demo = $state.raw<DemoAccount | null>(null);
  readonly wait = new Countdown();

  /** In a demonstration nobody has the app: the account's code is computed here. */
  async findDemo(): Promise<void> {
    const login = session.me?.login;
    this.demo = (await demoAccounts()).find((account) => account.login === login) ?? null;
  }

  async useDemo(): Promise<void> {
    const { password, totp_secret } = this.demo ?? {};
    if (password === undefined || totp_secret === undefined) return;
    this.lost = false;
    this.password = password;
    this.code = await codeAt(totp_secret, Date.now());
    await this.submit();
    if (this.error?.code === 'code_used')
      this.wait.start(secondsLeft(Date.now()) + 1, () => void this.useDemo());
  }

  get codeMissing(): boolean {
    return this.lost ? this.code.trim() === '' : this.code.length < 6;
  }

  askFor(lost: boolean): void {
    this.lost = lost;
    this.code = '';
    this.tried = false;
    this.error = null;
  }

  async submit(): Promise<void> {
    this.tried = true;
    if (this.password === '' || this.codeMissing) return;
    this.byPasskey = false;
    await this.#try(() => session.stepUp({ password: this.password, code: normalize(this.code) }));
  }

  async usePasskey(): Promise<void> {
    this.byPasskey = true;
    await this.#try(async () => {
      const asked = await post<PasskeyQuestion>('/v1/sessions/current/step-up-challenge');
      const credential = await showPasskey(asked.options);
      await session.stepUp({ challenge_id: asked.challenge_id, credential });
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    if (this.working) return;
    this.working = true;
    this.error = null;
    try {
      await work();
      stepUp.settle(true);
    } catch (reason) {
      this.error = toApiError(reason);
      this.code = '';
      this.tried = false;
    } finally {
      this.working = false;
    }
  }
}
