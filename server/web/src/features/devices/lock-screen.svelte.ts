/** The lock screen of a shared device: who may come back, and the PIN of whoever does. No patient appears here. */
import { toApiError, type ApiError } from '#api/errors.ts';
import type { CurrentDevice, ShiftPerson } from '#api/identity.types.ts';
import { session } from '#api/session.svelte.ts';
import { thisDevice } from '#api/this-device.ts';
import { PinEntry } from './pin.svelte.ts';
import { findCurrentDevice } from './queries.ts';

/** Wrong PINs after which the server asks for a full sign-in. */
const TRIES = 5;

export class LockScreen {
  device = $state.raw<CurrentDevice | null>(null);
  error = $state.raw<ApiError | null>(null);
  /** The registration has been withdrawn, or this never was a shared device. */
  gone = $state(false);
  chosen = $state.raw<ShiftPerson | null>(null);
  working = $state(false);
  failures = $state(0);
  refused = $state.raw<ApiError | null>(null);
  readonly entry = new PinEntry((pin) => void this.#try(pin));
  readonly people = $derived(
    [...(this.device?.people ?? [])].sort((a, b) => a.kana.localeCompare(b.kana, 'ja')),
  );

  get left(): number {
    return Math.max(1, TRIES - this.failures);
  }

  get mustSignIn(): boolean {
    return this.refused?.code === 'full_sign_in_required';
  }

  async load(): Promise<void> {
    try {
      this.device = await findCurrentDevice();
      this.error = null;
    } catch (reason) {
      this.error = toApiError(reason);
      if (this.error.status !== 404 && this.error.status !== 401) return;
      this.gone = true;
      thisDevice.shared = null;
    }
  }

  choose(person: ShiftPerson | null): void {
    this.chosen = person;
    this.failures = 0;
    this.refused = null;
    this.entry.clear();
  }

  async #try(pin: string): Promise<void> {
    if (!this.chosen || this.working) return;
    this.working = true;
    this.refused = null;
    try {
      await session.switchTo(this.chosen.account_id, pin);
    } catch (reason) {
      this.refused = toApiError(reason);
      if (this.refused.code === 'invalid_credentials') this.failures++;
    } finally {
      this.entry.clear();
      this.working = false;
    }
  }
}
