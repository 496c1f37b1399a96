/** The administrator's list of accounts: a filter, and pages of people. */
import type { Account } from '#api/access.types.ts';
import { toApiError, type ApiError } from '#api/errors.ts';
import { listAccounts, type AccountFilter } from './queries.ts';

export class Accounts {
  items = $state.raw<Account[]>([]);
  error = $state.raw<ApiError | null>(null);
  loading = $state(false);
  next = $state<string | null>(null);
  filter = $state<AccountFilter>({ q: '', facilityId: '', only: '' });
  #asked = 0;

  /** Only the last question counts, in whatever order the answers come. */
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
      const page = await listAccounts($state.snapshot(this.filter), cursor);
      if (asked !== this.#asked) return;
      this.items = cursor === null ? page.items : [...this.items, ...page.items];
      this.next = page.next ?? null;
    } catch (reason) {
      if (asked === this.#asked) this.error = toApiError(reason);
    } finally {
      if (asked === this.#asked) this.loading = false;
    }
  }
}

export type AccountState = 'suspended' | 'locked' | 'invited' | 'active';

export function stateOf(account: Account, now: Date = new Date()): AccountState {
  if (account.suspended_at) return 'suspended';
  if (!account.enrolled) return 'invited';
  return account.locked_until && Date.parse(account.locked_until) > now.getTime() ? 'locked' : 'active';
}
