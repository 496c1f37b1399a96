/** What the pages of the console share: the conditions, which stand in the address, and the names of what they mean. */
import type { AccessLogEntry } from '#api/log.types.ts';
import { goto } from '$app/navigation';
import { resolve } from '$app/paths';
import { page } from '$app/state';
import type { Pickable } from '#ui/Picker.svelte';
import { createContext } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import { filterFrom, searchOf, type Filter, type FilterKey } from './filter.ts';
import { listEntries } from './queries.ts';

/** Pages of the log that are read to find the names of patients, of 100 entries each. */
const PAGES = 5;

export type Section = 'list' | 'trends' | 'export' | 'reports' | 'maintenance';

export class Console {
  readonly names = new SvelteMap<string, string>();
  readonly patients = new SvelteMap<string, string>();
  #searched = $state('');
  #read: Promise<void> | null = null;

  get filter(): Filter {
    const filter = filterFrom(page.url.searchParams);
    return this.#searched === '' ? filter : { ...filter, searched: this.#searched };
  }

  href(section: Section, filter: Filter = {}): string {
    const path = {
      list: resolve('/access-log'),
      trends: resolve('/access-log/trends'),
      export: resolve('/access-log/export'),
      reports: resolve('/access-log/reports'),
      maintenance: resolve('/access-log/maintenance'),
    }[section];
    return path + searchOf(filter);
  }

  /** Stays where one is, with other conditions. */
  async show(filter: Filter): Promise<void> {
    this.#searched = filter.searched ?? '';
    // eslint-disable-next-line svelte/no-navigation-without-resolve -- the path of this page
    await goto(page.url.pathname + searchOf(filter), { reset: false });
  }

  /** A link to other conditions has been followed: words that stand in no address end with them. */
  leaveWords(): void {
    this.#searched = '';
  }

  /** Entries name what the address only has the identifier of. */
  learn(entries: readonly AccessLogEntry[]): void {
    for (const { actor, patient, named, device } of entries) {
      for (const one of [patient, ...named]) if (one?.name) this.patients.set(one.id, one.name);
      const known: [string | null | undefined, string | null | undefined][] = [
        [actor.id, actor.name],
        [actor.account_id, actor.name],
        [actor.facility_id, actor.facility_name],
        [device?.id, device?.name],
      ];
      for (const [id, name] of known) if (id && name) this.names.set(id, name);
    }
  }

  nameOf(key: FilterKey): string | undefined {
    const id = this.filter[key] ?? '';
    return key === 'patient_id' ? this.patients.get(id) : this.names.get(id);
  }

  /** For pages that list no entries: one entry tells the names. */
  async findNames(): Promise<void> {
    const { filter } = this;
    for (const key of [
      'patient_id',
      'account_id',
      'staff_member_id',
      'facility_id',
      'client_id',
      'device_id',
    ] as const)
      if (filter[key] && !this.nameOf(key)) {
        const found = await listEntries({ [key]: filter[key] }, null, 1).catch(() => null);
        this.learn(found?.items ?? []);
      }
  }

  /** Auditors have no list of patients: they choose among those whom the log names. */
  async findPatients(query: string): Promise<Pickable[]> {
    this.#read ??= this.#readNames();
    await this.#read;
    return [...this.patients]
      .filter(([, name]) => name.replaceAll(/\s/g, '').includes(query.replaceAll(/\s/g, '')))
      .map(([id, name]) => ({ id, name }));
  }

  async #readNames(): Promise<void> {
    let cursor: string | null = null;
    for (let part = 0; part < PAGES; part++) {
      const found: Awaited<ReturnType<typeof listEntries>> = await listEntries({}, cursor, 100);
      this.learn(found.items);
      cursor = found.next ?? null;
      if (cursor === null) return;
    }
  }
}

export const [getConsole, setConsole] = createContext<Console>();
