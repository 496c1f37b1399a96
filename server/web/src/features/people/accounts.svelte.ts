/** The administrator's list of accounts: a filter, and pages of people. */
import type { Account } from '#api/access.types.ts';
import { Pages } from '#api/pages.svelte.ts';
import { listAccounts, type AccountFilter } from './queries.ts';

export class Accounts {
  filter = $state<AccountFilter>({ q: '', facilityId: '', only: '' });
  readonly pages = new Pages<Account>((cursor) => listAccounts($state.snapshot(this.filter), cursor));
}

export type AccountState = 'suspended' | 'locked' | 'invited' | 'active';

export function stateOf(account: Account, now: Date = new Date()): AccountState {
  if (account.suspended_at) return 'suspended';
  if (!account.enrolled) return 'invited';
  return account.locked_until && Date.parse(account.locked_until) > now.getTime() ? 'locked' : 'active';
}
