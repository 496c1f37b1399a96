/** What is looked for and what was found. Lives as long as the page is open: nothing of it is kept on the device. */
import type { ApiError } from '#api/errors.ts';
import { session } from '#api/session.svelte.ts';
import { Pages } from '#api/pages.svelte.ts';
import { search, type Asked, type Found } from './queries.ts';

/** Somebody to whom a search is narrowed. */
export interface Named {
  id: string;
  name: string;
}

export type Period = 'all' | 'week' | 'month' | 'quarter' | 'year';

const DAYS: Record<Period, number | null> = { all: null, week: 7, month: 31, quarter: 92, year: 366 };
const REMEMBERED = 6;

/** Words that were looked for since the app was opened, by account; gone with the tab. */
let remembered = $state.raw<{ account: string | null; words: string[] }>({ account: null, words: [] });

export class Search {
  words = $state('');
  kind = $state('');
  period = $state<Period>('all');
  patient = $state.raw<Named | null>(null);
  author = $state.raw<Named | null>(null);
  /** The words of the list that is shown; empty before the first. */
  asked = $state('');
  readonly found = new Pages<Found>((cursor) => search({ ...this.#question(), cursor: cursor ?? undefined }));

  get recent(): string[] {
    return remembered.account === account() ? remembered.words : [];
  }

  /** What is wrong with the words, as the server says it. */
  get problem(): string | null {
    return wordCode(this.found.error);
  }

  async run(): Promise<void> {
    const words = this.words.trim();
    if (words === '') return;
    this.asked = words;
    await this.found.load();
    if (this.found.error === null) remember(words);
  }

  /** With another filter, the same words. */
  again(): void {
    if (this.asked !== '') void this.run();
  }

  ofPatient(patient: Named | null): void {
    this.patient = patient;
    this.again();
  }

  byAuthor(author: Named | null): void {
    this.author = author;
    this.again();
  }

  #question(): Asked {
    const days = DAYS[this.period];
    return {
      words: this.asked,
      patient_id: this.patient?.id,
      author_id: this.author?.id,
      kinds: this.kind === '' ? undefined : [this.kind],
      from: days === null ? undefined : new Date(Date.now() - days * 86_400_000).toISOString(),
    };
  }
}

function account(): string | null {
  return session.me?.account_id ?? null;
}

function remember(words: string): void {
  const before = remembered.account === account() ? remembered.words : [];
  const others = before.filter((other) => other !== words);
  remembered = { account: account(), words: [words, ...others].slice(0, REMEMBERED) };
}

function wordCode(error: ApiError | null): string | null {
  return error?.fields.find((entry) => entry.field === 'words')?.code ?? null;
}
