/** All that one person or system did, for whatever post. */
import type { LogActor } from '#api/log.types.ts';
import type { Filter } from './filter.ts';

/** Nothing for callers who are not known. */
export function historyOf(actor: LogActor): Filter | null {
  if (actor.account_id) return { account_id: actor.account_id };
  if (!actor.id) return null;
  return actor.kind === 'system' ? { client_id: actor.id } : { staff_member_id: actor.id };
}
