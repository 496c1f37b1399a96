/** Search as one types: what the device knows at once, then what the server finds. */
import type { PatientItem } from '#api/types.ts';
import { listPatients, matches } from './queries.ts';

export class PatientSearch {
  #query = $state('');
  #answered = $state.raw<{ query: string; items: PatientItem[] } | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #all: () => PatientItem[];

  constructor(all: () => PatientItem[]) {
    this.#all = all;
  }

  get query(): string {
    return this.#query;
  }

  set query(next: string) {
    this.#query = next;
    clearTimeout(this.#timer);
    if (next.trim() !== '') this.#timer = setTimeout(() => void this.#ask(next), 250);
  }

  get found(): PatientItem[] {
    const query = this.#query.trim();
    if (query === '') return this.#all();
    if (this.#answered?.query === this.#query) return this.#answered.items;
    return this.#all().filter((patient) => matches(patient, query));
  }

  async #ask(query: string): Promise<void> {
    const items = await listPatients(query.trim()).catch(() => null);
    if (items && query === this.#query) this.#answered = { query, items };
  }
}
