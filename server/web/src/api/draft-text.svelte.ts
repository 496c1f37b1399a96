/** One text that is being written, kept as a draft on this device until it was sent. */
import { drafts } from './drafts.ts';

export class DraftText {
  readonly #name: string;
  #value = $state('');
  #touched = false;

  constructor(name: string, usual = '') {
    this.#name = name;
    this.#value = usual;
    drafts.get<string>(name).then(
      (kept) => {
        if (kept !== null && !this.#touched) this.#value = kept;
      },
      () => undefined,
    );
  }

  get value(): string {
    return this.#value;
  }

  set value(next: string) {
    this.#touched = true;
    this.#value = next;
    drafts.keep(this.#name, next === '' ? null : next);
  }

  /** It was sent: nothing of it stays. */
  async forget(): Promise<void> {
    this.#value = '';
    await drafts.forget(this.#name).catch(() => undefined);
  }
}
