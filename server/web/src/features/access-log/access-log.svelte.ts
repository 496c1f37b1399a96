/** The auditor's list: a filter, and pages of entries. */
import '#i18n/parts/log.ts';
import { api, unwrap } from '#api/client.ts';
import { toApiError, type ApiError } from '#api/errors.ts';
import type { AccessLogEntry, StaffMember } from '#api/types.ts';
import { addDays, startOfDay } from '#ui/format/dates.ts';

export interface Filter {
  patient: { id: string; name: string } | null;
  staffMemberId: string;
  action: string;
  outcome: 'allowed' | 'denied' | '';
  from: string;
  to: string;
}

export const blankFilter: Filter = {
  patient: null,
  staffMemberId: '',
  action: '',
  outcome: '',
  from: '',
  to: '',
};

export class AccessLog {
  entries = $state.raw<AccessLogEntry[]>([]);
  error = $state.raw<ApiError | null>(null);
  loading = $state(false);
  next = $state<string | null>(null);
  filter = $state<Filter>({ ...blankFilter });
  people = $state.raw<StaffMember[]>([]);

  async load(): Promise<void> {
    this.entries = [];
    this.next = null;
    await this.more();
  }

  async more(): Promise<void> {
    this.loading = true;
    this.error = null;
    try {
      const query = { ...queryOf(this.filter), cursor: this.next ?? undefined, limit: 50 };
      const page = await unwrap(api.GET('/v1/access-log', { params: { query } }));
      this.entries = [...this.entries, ...page.items];
      this.next = page.next ?? null;
    } catch (reason) {
      this.error = toApiError(reason);
    } finally {
      this.loading = false;
    }
  }

  /** The names to choose from; an auditor who may not list staff simply has none. */
  async loadPeople(): Promise<void> {
    const page = await unwrap(api.GET('/v1/staff-members', { params: { query: { limit: 100 } } })).catch(
      () => null,
    );
    this.people = page?.items ?? [];
  }
}

function queryOf(filter: Filter) {
  return {
    patient_id: filter.patient?.id,
    staff_member_id: filter.staffMemberId || undefined,
    action: filter.action || undefined,
    outcome: filter.outcome || undefined,
    from: filter.from ? startOfDay(filter.from) : undefined,
    to: filter.to ? startOfDay(addDays(filter.to, 1)) : undefined,
  };
}
