/** The way from an invitation to the first sign-in: code, one's name, the factors, the recovery codes. */
import { ApiError, toApiError } from '#api/errors.ts';
import type { Enrolment, EnrolmentDone, PasskeyQuestion } from '#api/identity.types.ts';
import { makePasskey } from '#api/passkeys.ts';
import { sendPlain } from '#api/plain.ts';
import { session } from '#api/session.svelte.ts';
import { browserName, thisDevice } from '#api/this-device.ts';

export type Stage = 'code' | 'who' | 'choose' | 'password' | 'totp' | 'recovery' | 'done' | 'gone';

const numbers: Record<Stage, number> = {
  code: 0,
  who: 0,
  gone: 0,
  choose: 1,
  password: 1,
  totp: 1,
  recovery: 2,
  done: 2,
};

export class EnrolmentWay {
  stage = $state<Stage>('code');
  enrolment = $state.raw<Enrolment | null>(null);
  password = $state('');
  seed = $state.raw<{ secret: string; otpauth_url: string } | null>(null);
  codes = $state.raw<readonly string[]>([]);
  login = $state('');
  working = $state(false);
  error = $state.raw<ApiError | null>(null);
  readonly step = $derived(numbers[this.stage]);
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
    if (token === '') this.stage = 'gone';
  }

  open(code: string): Promise<void> {
    return this.#try(async () => {
      this.enrolment = await this.#post<Enrolment>('', { token: this.#token, code });
      this.login = this.enrolment.login;
      this.#go('who');
    });
  }

  usePasskey(): Promise<void> {
    return this.#try(async () => {
      const asked = await this.#post<PasskeyQuestion>('/passkey-challenge', this.#secret());
      const credential = await makePasskey(asked.options);
      await this.#finish({ challenge_id: asked.challenge_id, credential, name: browserName() });
    });
  }

  choosePassword(): Promise<void> {
    return this.#try(async () => {
      this.seed = await this.#post('/totp', { ...this.#secret(), password: this.password });
      this.#go('totp');
    });
  }

  /** Throws what the code field has to show. */
  confirmCode(code: string): Promise<void> {
    return this.#finish({ password: this.password, code });
  }

  choose(stage: Stage): void {
    this.error = null;
    this.#go(stage);
  }

  #go(stage: Stage): void {
    this.stage = stage;
  }

  #secret() {
    return { enrolment: this.enrolment?.enrolment ?? '' };
  }

  async #finish(factors: object): Promise<void> {
    const remember = thisDevice.shared === null;
    const body = { ...this.#secret(), ...factors, remember, transport: 'cookie' };
    const answer = await this.#post<EnrolmentDone>('/finish', body);
    this.password = '';
    this.seed = null;
    await session.accept(answer.session);
    this.codes = answer.recovery_codes ?? [];
    this.#go(this.codes.length > 0 ? 'recovery' : 'done');
  }

  #post<T>(path: string, body: unknown): Promise<T> {
    return sendPlain<T>('POST', `/v1/enrolments${path}`, body);
  }

  async #try(work: () => Promise<void>): Promise<void> {
    if (this.working) return;
    this.working = true;
    this.error = null;
    try {
      await work();
    } catch (reason) {
      this.error = toApiError(reason);
      // On the way the invitation has run out; at the first step it may be a slip in the code.
      if (this.error.code === 'invitation_not_found' && this.stage !== 'code') this.#go('gone');
    } finally {
      this.working = false;
    }
  }
}
