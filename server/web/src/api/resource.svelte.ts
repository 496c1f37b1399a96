/** One thing that is read: the cached value at once, then the server's. */
import { cache } from './cache.ts';
import { toApiError, type ApiError } from './errors.ts';

export class Resource<T> {
  data = $state.raw<T | null>(null);
  /** When `data` was last confirmed by the server; null while only the cache has spoken. */
  at = $state.raw<string | null>(null);
  error = $state.raw<ApiError | null>(null);
  loading = $state(false);
  readonly name: string;
  readonly #fetch: () => Promise<T>;

  constructor(name: string, fetch: () => Promise<T>) {
    this.name = name;
    this.#fetch = fetch;
  }

  async load(): Promise<void> {
    const refreshed = this.refresh();
    const kept = await cache.get<T>(this.name).catch(() => null);
    if (kept && this.data === null && !this.error?.hidden) {
      this.data = kept.value;
      this.at = kept.at;
    }
    await refreshed;
  }

  async refresh(): Promise<void> {
    this.loading = true;
    try {
      this.set(await this.#fetch());
      this.error = null;
    } catch (reason) {
      this.error = toApiError(reason);
      if (this.error.hidden) {
        this.data = null;
        await cache.forget(this.name).catch(() => undefined);
      }
    } finally {
      this.loading = false;
    }
  }

  set(value: T): void {
    this.data = value;
    this.at = new Date().toISOString();
    void cache.put(this.name, value).catch(() => undefined);
  }
}
