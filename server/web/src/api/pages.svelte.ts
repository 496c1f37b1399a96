/** A list that is read page by page. Only the last question counts, in whatever order the answers come. */
import { toApiError, type ApiError } from './errors.ts';
import type { Page } from './people.types.ts';

export class Pages<T> {
  items = $state.raw<T[]>([]);
  error = $state.raw<ApiError | null>(null);
  loading = $state(false);
  next = $state<string | null>(null);
  readonly #read: (cursor: string | null) => Promise<Page<T>>;
  #asked = 0;

  constructor(read: (cursor: string | null) => Promise<Page<T>>) {
    this.#read = read;
  }

  /** From the beginning. What was there stays until the answer comes. */
  async load(): Promise<void> {
    await this.#ask(null);
  }

  async more(): Promise<void> {
    await this.#ask(this.next);
  }

  async #ask(cursor: string | null): Promise<void> {
    const asked = ++this.#asked;
    this.loading = true;
    this.error = null;
    try {
      const page = await this.#read(cursor);
      if (asked !== this.#asked) return;
      this.items = cursor === null ? page.items : [...this.items, ...page.items];
      this.next = page.next ?? null;
    } catch (reason) {
      if (asked !== this.#asked) return;
      this.error = toApiError(reason);
      if (cursor === null) {
        this.items = [];
        this.next = null;
      }
    } finally {
      if (asked === this.#asked) this.loading = false;
    }
  }
}
