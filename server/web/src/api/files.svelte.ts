/**
 * Files on their way: kept sealed on the device, sent one after the other, resumed after a broken connection, a closed
 * tab or a dead battery. A post or message that shows files waits for them in the outbox.
 */
import { backoff } from './backoff.ts';
import { connection } from './connection.svelte.ts';
import { toApiError } from './errors.ts';
import { forgetFile, keepFile, keptFile } from './kept-files.ts';
import { outbox } from './outbox.svelte.ts';
import type { OutboxEntry } from './outbox-entry.ts';
import { storage } from './storage.ts';
import { giveUp, lookAt, send, type Place, type Sending } from './upload.ts';
import { uuidv7 } from './uuid.ts';
import { vault } from './vault.ts';

export interface FileEntry extends Sending {
  size: number;
  sent: number;
  state: 'waiting' | 'sending' | 'sent' | 'failed';
  attempts: number;
  notBefore: number;
  code: string | null;
}

const META = 'file';

class Files {
  entries = $state.raw<FileEntry[]>([]);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;

  constructor() {
    outbox.holdWhile((entry) => this.#holds(entry));
    connection.onReturn(() => void this.retryAll());
  }

  /** Reads what an earlier visit left behind. */
  async load(): Promise<void> {
    const account = vault.account;
    if (account === null) {
      this.entries = [];
      return;
    }
    const all = await (await storage()).getAllFromIndex('files', 'account', account);
    const heads = all.filter((sealed) => sealed.id.startsWith(`${account}:${META}:`));
    const opened = await Promise.all(heads.map((sealed) => vault.unseal<FileEntry>(sealed)));
    this.entries = opened
      .filter((entry) => entry !== null)
      .map((entry) => (entry.state === 'sending' ? { ...entry, state: 'waiting' as const } : entry));
    void this.flush();
  }

  of(ids: readonly string[]): FileEntry[] {
    return ids.flatMap((id) => this.entries.find((entry) => entry.id === id) ?? []);
  }

  async add(place: Place, file: File, derivedFrom: string | null = null): Promise<string> {
    const id = uuidv7();
    await keepFile(id, file);
    await this.#keep({
      id,
      ...place,
      name: file.name,
      type: file.type,
      derivedFrom,
      begun: false,
      size: file.size,
      sent: 0,
      state: 'waiting',
      attempts: 0,
      notBefore: 0,
      code: null,
    });
    void this.flush();
    return id;
  }

  /** The file as it is on this device. */
  async open(entry: FileEntry): Promise<Blob | null> {
    return keptFile(entry.id, entry.size, entry.type);
  }

  async retry(id: string): Promise<void> {
    const entry = this.entries.find((other) => other.id === id);
    if (entry) await this.#keep({ ...entry, state: 'waiting', notBefore: 0, code: null });
    void this.flush();
  }

  async retryAll(): Promise<void> {
    this.entries = this.entries.map((entry) => ({ ...entry, notBefore: 0 }));
    await this.flush();
  }

  async discard(id: string): Promise<void> {
    const entry = this.entries.find((other) => other.id === id);
    if (!entry) return;
    await this.forget(id);
    if (entry.begun && entry.state !== 'sent') await giveUp(id).catch(() => undefined);
  }

  /** The server has it, and a post or message shows it. */
  async forget(id: string): Promise<void> {
    const entry = this.entries.find((other) => other.id === id);
    if (!entry) return;
    this.entries = this.entries.filter((other) => other.id !== id);
    await forgetFile(id, entry.size);
    await (await storage()).delete('files', `${vault.account}:${META}:${id}`);
  }

  async flush(): Promise<void> {
    if (this.#running || vault.account === null) return;
    this.#running = true;
    try {
      for (let next = this.#next(); next; next = this.#next()) await this.#send(next);
    } finally {
      this.#running = false;
    }
    this.#schedule();
  }

  /** Looks whether the server takes what it has: a file that it refuses is said here, before it is posted. */
  async #watch(id: string): Promise<void> {
    for (const seconds of [1, 2, 4, 8, 15, 30]) {
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      if (!this.entries.some((entry) => entry.id === id)) return;
      const file = await lookAt(id).catch(() => null);
      if (file?.state === 'ready') return;
      if (file?.refusal) return this.#change(id, { state: 'failed', code: file.refusal.code });
    }
  }

  #next(): FileEntry | undefined {
    const now = Date.now();
    return this.entries.find((entry) => entry.state === 'waiting' && entry.notBefore <= now);
  }

  async #send(entry: FileEntry): Promise<void> {
    this.#replace({ ...entry, state: 'sending' });
    const current = () => this.entries.find((other) => other.id === entry.id);
    try {
      const file = await keptFile(entry.id, entry.size, entry.type);
      if (file === null) return await this.#settle(entry, { code: 'file_gone', state: 'failed' });
      await send(file, entry, {
        onbegun: () => void this.#change(entry.id, { begun: true }),
        onprogress: (sent) => this.#progress(entry.id, sent),
      });
      const done = current();
      if (done) await this.#keep({ ...done, state: 'sent', sent: entry.size });
      void this.#watch(entry.id);
      void outbox.flush();
    } catch (reason) {
      const error = toApiError(reason);
      const attempts = entry.attempts + 1;
      const again = error.transient || [409, 423].includes(error.status);
      const notBefore = Date.now() + backoff(attempts);
      if (again) await this.#settle(entry, { attempts, notBefore, state: 'waiting' });
      else await this.#settle(entry, { code: error.code, state: 'failed' });
    }
  }

  async #settle(entry: FileEntry, change: Partial<FileEntry>): Promise<void> {
    const current = this.entries.find((other) => other.id === entry.id);
    if (current) await this.#keep({ ...current, ...change });
  }

  async #change(id: string, change: Partial<FileEntry>): Promise<void> {
    const entry = this.entries.find((other) => other.id === id);
    if (entry) await this.#keep({ ...entry, ...change });
  }

  #progress(id: string, sent: number): void {
    this.entries = this.entries.map((entry) => (entry.id === id ? { ...entry, sent } : entry));
  }

  #holds(entry: OutboxEntry): boolean {
    const ids = (entry.body as { attachment_ids?: string[] } | null)?.attachment_ids ?? [];
    return this.of(ids).some((file) => file.state !== 'sent');
  }

  async #keep(entry: FileEntry): Promise<void> {
    this.#replace(entry);
    const sealed = await vault.seal(`${META}:${entry.id}`, entry);
    if (sealed) await (await storage()).put('files', sealed);
  }

  #replace(entry: FileEntry): void {
    const known = this.entries.some((other) => other.id === entry.id);
    this.entries = known
      ? this.entries.map((other) => (other.id === entry.id ? entry : other))
      : [...this.entries, entry];
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const waiting = this.entries.filter((entry) => entry.state === 'waiting');
    if (waiting.length === 0) return;
    const next = Math.min(...waiting.map((entry) => entry.notBefore)) - Date.now();
    this.#timer = setTimeout(() => void this.flush(), Math.max(500, next));
  }
}

export const files = new Files();

outbox.onSent(({ entry }) => {
  const ids = (entry.body as { attachment_ids?: string[] } | null)?.attachment_ids ?? [];
  for (const id of ids) void files.forget(id);
});
