/** The auditor's list of findings: a filter, and pages. */
import { toApiError, type ApiError } from '#api/errors.ts';
import type { Finding } from '#api/findings.types.ts';
import { listFindings, type FindingQuery } from './queries.ts';
import { daysOf } from './words.ts';

export type View = 'unfinished' | 'mine' | 'overdue' | 'closed' | 'all';

export interface Filter {
  view: View;
  /** One state; only where the view has several. */
  state: string;
  rule: string;
  month: string;
  patientId: string;
}

export const blankFilter: Filter = { view: 'unfinished', state: '', rule: '', month: '', patientId: '' };

/** Pages that are looked through for the few that are overdue. */
const MOST_PAGES = 10;

export class Findings {
  items = $state.raw<Finding[] | null>(null);
  error = $state.raw<ApiError | null>(null);
  loading = $state(false);
  next = $state<string | null>(null);
  filter = $state<Filter>({ ...blankFilter });
  readonly #me: string | null;
  #asked = 0;

  constructor(me: string | null, patientId: string) {
    this.#me = me;
    if (patientId !== '') this.filter = { ...blankFilter, view: 'all', patientId };
  }

  async load(): Promise<void> {
    await this.#ask(null);
  }

  async more(): Promise<void> {
    await this.#ask(this.next);
  }

  /** Only the last question counts, in whatever order the answers come. */
  async #ask(cursor: string | null): Promise<void> {
    const asked = ++this.#asked;
    const filter = $state.snapshot(this.filter);
    this.loading = true;
    this.error = null;
    try {
      const page = await read(filter, this.#me, cursor);
      if (asked !== this.#asked) return;
      this.items = cursor === null ? page.items : [...(this.items ?? []), ...page.items];
      this.next = page.next ?? null;
    } catch (reason) {
      if (asked !== this.#asked) return;
      this.error = toApiError(reason);
      if (cursor === null) this.items = null;
    } finally {
      if (asked === this.#asked) this.loading = false;
    }
  }
}

export function queryOf(filter: Filter, me: string | null): FindingQuery {
  const states: Record<View, string | undefined> = {
    unfinished: filter.state || 'unfinished',
    mine: filter.state || 'unfinished',
    overdue: 'asked',
    closed: 'closed',
    all: filter.state || undefined,
  };
  return {
    state: states[filter.view],
    rule: filter.rule || undefined,
    patient_id: filter.patientId || undefined,
    assigned_to: filter.view === 'mine' ? (me ?? undefined) : undefined,
    ...(filter.month === '' ? {} : daysOf(filter.month)),
  };
}

/** The server does not filter by overdue answers: there are few, among those whom somebody was asked about. */
async function read(filter: Filter, me: string | null, cursor: string | null) {
  const query = queryOf(filter, me);
  if (filter.view !== 'overdue') return listFindings(query, cursor);
  const items: Finding[] = [];
  let next: string | null = cursor;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await listFindings(query, next);
    items.push(...page.items.filter(({ question }) => question?.overdue));
    next = page.next ?? null;
    if (next === null) break;
  }
  return { items, next };
}
