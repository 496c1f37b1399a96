/** The list of who has looked at one patient's record: a month of it, page by page. */
import '#i18n/parts/accesses.ts';
import { Action } from '#api/action.svelte.ts';
import { file } from '#api/call.ts';
import { api, unwrap } from '#api/client.ts';
import { toApiError, type ApiError } from '#api/errors.ts';
import type { AccessLine } from '#api/proof.types.ts';
import { m } from '#i18n/index.svelte.ts';
import { saveFile } from '#ui/files.ts';
import { dayKey, timeOf } from '#ui/format/dates.ts';
import { monthOf } from './months.ts';

export class Accesses {
  lines = $state.raw<AccessLine[]>([]);
  error = $state.raw<ApiError | null>(null);
  loading = $state(false);
  next = $state<string | null>(null);
  month = $state(monthOf(new Date()));
  own = $state(false);
  routine = $state(false);
  saved = $state(false);
  readonly saving = new Action();
  readonly patientId: string;
  #asked = 0;

  constructor(patientId: string) {
    this.patientId = patientId;
  }

  get archived(): boolean {
    return this.error?.code === 'access_log_archived';
  }

  async load(): Promise<void> {
    this.lines = [];
    this.next = null;
    await this.more();
  }

  async more(): Promise<void> {
    const asked = ++this.#asked;
    this.loading = true;
    this.error = null;
    try {
      const { month, own, routine } = this;
      const query = { month, own, routine, cursor: this.next ?? undefined, limit: 100 };
      const path = { patient_id: this.patientId };
      const page = await unwrap(api.GET('/v1/patients/{patient_id}/accesses', { params: { path, query } }));
      // An answer about a month that was left meanwhile says nothing.
      if (asked !== this.#asked) return;
      this.lines = [...this.lines, ...page.items];
      this.next = page.next ?? null;
    } catch (reason) {
      if (asked === this.#asked) this.error = toApiError(reason);
    } finally {
      if (asked === this.#asked) this.loading = false;
    }
  }

  saveOne(line: AccessLine): Promise<void> {
    const when = `${dayKey(line.at)}-${timeOf(line.at).replace(':', '')}`;
    return this.#save(`/${line.id}/proof`, {}, m.accesses.fileOne(when));
  }

  saveMonth(): Promise<void> {
    const { month, own, routine } = this;
    return this.#save('/bundle', { month, own, routine }, m.accesses.fileMonth(month));
  }

  saveAll(): Promise<void> {
    const { own, routine } = this;
    return this.#save('/bundle', { own, routine }, m.accesses.fileAll);
  }

  async #save(path: string, query: Record<string, string | boolean>, name: string): Promise<void> {
    this.saved = false;
    this.saved = await this.saving.run(async () => {
      saveFile(await file(`/v1/patients/${this.patientId}/accesses${path}`, query), name);
    });
  }
}
