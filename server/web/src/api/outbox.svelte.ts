/**
 * Every write goes through here: sealed on the device first, then sent, in order for each patient, until the
 * server has taken it or refused it. What was refused keeps its text until the person decides.
 */
import { authorizedFetch } from './client.ts';
import { connection } from './connection.svelte.ts';
import { drafts } from './drafts.ts';
import { problemFrom, toApiError, type ApiError } from './errors.ts';
import { due, isQuiet, newEntry, settle, type NewEntry, type OutboxEntry } from './outbox-entry.ts';
import { storage } from './storage.ts';
import { uuidv7 } from './uuid.ts';
import { vault } from './vault.ts';

export type Sent = { entry: OutboxEntry; answer: unknown };

class Outbox {
  entries = $state.raw<OutboxEntry[]>([]);
  visible = $derived(this.entries.filter((entry) => !isQuiet(entry)));
  failed = $derived(this.visible.filter((entry) => entry.state === 'failed'));
  #timer: ReturnType<typeof setTimeout> | undefined;
  #held: (entry: OutboxEntry) => boolean = () => false;
  #listeners = new Set<(sent: Sent) => void>();
  #tabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('tsumugi-outbox');

  constructor() {
    this.#tabs?.addEventListener('message', () => void this.load());
    connection.onReturn(() => void this.retryAll());
  }

  /** Reads what an earlier visit left behind. */
  async load(): Promise<void> {
    const account = vault.account;
    if (account === null) {
      this.entries = [];
      return;
    }
    const kept = await (await storage()).getAllFromIndex('outbox', 'account', account);
    const opened = await Promise.all(kept.map((sealed) => vault.unseal<OutboxEntry>(sealed)));
    const entries = opened.filter((entry) => entry !== null);
    this.entries = entries
      .map((entry): OutboxEntry => (entry.state === 'sending' ? { ...entry, state: 'waiting' } : entry))
      .sort((a, b) => (a.created_at < b.created_at ? -1 : 1));
    this.#schedule();
  }

  /** With the name of the draft that the entry was made from: that goes in the moment in which the entry is kept. */
  async add(entry: NewEntry, draft?: string): Promise<void> {
    if (isQuiet(entry)) {
      const older = this.entries.filter((other) => other.kind === entry.kind && other.queue === entry.queue);
      for (const other of older) if (other.state !== 'sending') await this.discard(other.id);
    }
    if (draft !== undefined) await drafts.let(draft);
    await this.#keep(newEntry(entry, Date.now()), draft);
    void this.flush();
  }

  /** Sends a refused entry again; with a new body it is a new request, so it gets a new idempotency key. */
  async retry(id: string, body?: unknown): Promise<void> {
    const entry = this.entries.find((other) => other.id === id);
    if (!entry) return;
    if (body !== undefined) {
      await this.add({ ...entry, id: uuidv7(), body });
      return this.discard(id);
    }
    await this.#keep({ ...entry, state: 'waiting', not_before: 0, failure: undefined });
    void this.flush();
  }

  async retryAll(): Promise<void> {
    this.entries = this.entries.map((entry) => ({ ...entry, not_before: 0 }));
    await this.flush();
  }

  async discard(id: string): Promise<void> {
    this.entries = this.entries.filter((entry) => entry.id !== id);
    if (vault.account !== null) await (await storage()).delete('outbox', `${vault.account}:${id}`);
    this.#tabs?.postMessage(null);
  }

  onSent(listener: (sent: Sent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What waits for something else, such as its files, is not sent meanwhile; neither is what follows it. */
  holdWhile(held: (entry: OutboxEntry) => boolean): void {
    this.#held = held;
  }

  /** Sends what is due; only one tab does so at a time. */
  async flush(): Promise<void> {
    if (vault.account === null) return;
    if ('locks' in navigator)
      await navigator.locks.request('tsumugi-outbox', { ifAvailable: true }, (lock) => lock && this.#run());
    else await this.#run();
    this.#schedule();
  }

  async #run(): Promise<void> {
    for (;;) {
      const batch = due(this.entries, Date.now()).filter((entry) => !this.#held(entry));
      if (batch.length === 0) return;
      await Promise.all(batch.map((entry) => this.#send(entry)));
    }
  }

  async #send(entry: OutboxEntry): Promise<void> {
    this.#replace({ ...entry, state: 'sending' });
    let error: ApiError | null = null;
    let answer: unknown = null;
    try {
      const response = await authorizedFetch(requestOf(entry));
      if (response.ok) answer = response.status === 204 ? null : await response.json();
      else error = await problemFrom(response);
    } catch (reason) {
      error = toApiError(reason);
    }
    const outcome = settle(entry, error, Date.now());
    if (outcome.type !== 'sent') return this.#keep(outcome.entry);
    for (const listener of this.#listeners) listener({ entry, answer });
    await this.discard(entry.id);
  }

  async #keep(entry: OutboxEntry, draft?: string): Promise<void> {
    const sealed = await vault.seal(entry.id, entry);
    if (sealed) {
      // Both or neither: whatever ends the page in between, the text is there once.
      const kept = (await storage()).transaction(['outbox', 'drafts'], 'readwrite');
      await Promise.all([
        kept.objectStore('outbox').put(sealed),
        draft === undefined ? null : kept.objectStore('drafts').delete(`${sealed.account}:${draft}`),
        kept.done,
      ]);
    }
    this.#replace(entry);
    this.#tabs?.postMessage(null);
  }

  #replace(entry: OutboxEntry): void {
    const known = this.entries.some((other) => other.id === entry.id);
    this.entries = known
      ? this.entries.map((other) => (other.id === entry.id ? entry : other))
      : [...this.entries, entry];
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const waiting = this.entries.filter((entry) => entry.state === 'waiting');
    if (waiting.length === 0) return;
    const next = Math.min(...waiting.map((entry) => entry.not_before)) - Date.now();
    this.#timer = setTimeout(() => void this.flush(), Math.max(500, next));
  }
}

export const outbox = new Outbox();

function requestOf(entry: OutboxEntry): Request {
  const headers = new Headers({ 'Content-Type': 'application/json', 'Idempotency-Key': entry.id });
  if (entry.ifMatch !== undefined) headers.set('If-Match', `"${entry.ifMatch}"`);
  return new Request(entry.path, { method: entry.method, headers, body: JSON.stringify(entry.body) });
}
