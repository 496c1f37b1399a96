/** Text that is being written, kept on every keystroke; it outlives reload, crash and an expired session. */
import { storage } from './storage.ts';
import { vault } from './vault.ts';

/** The newest value of each draft that is not on the device yet. */
const waiting = new Map<string, unknown>();
/** The write that each draft has under way. */
const writing = new Map<string, Promise<void>>();

export const drafts = {
  async get<T>(name: string): Promise<T | null> {
    if (vault.account === null) return null;
    return vault.unseal<T>(await (await storage()).get('drafts', `${vault.account}:${name}`));
  },

  /** Keeps `value` at once, or when what is being written has been; null forgets the draft. */
  keep(name: string, value: unknown): void {
    waiting.set(name, value);
    void settle(name).catch(() => undefined);
  },

  /** What was not written yet is not to be written any more: the text has gone elsewhere. */
  async let(name: string): Promise<void> {
    waiting.delete(name);
    await writing.get(name)?.catch(() => undefined);
  },

  async forget(name: string): Promise<void> {
    await this.let(name);
    if (vault.account !== null) await (await storage()).delete('drafts', `${vault.account}:${name}`);
  },

  /** Writes everything now; called when the page is hidden. */
  async flush(): Promise<void> {
    await Promise.all([...new Set([...waiting.keys(), ...writing.keys()])].map(settle));
  },
};

/** Writes what waits, one value after the other, so that an older one never comes last. */
function settle(name: string): Promise<void> {
  const under = writing.get(name);
  if (under) return under;
  if (!waiting.has(name)) return Promise.resolve();
  const work = drain(name);
  writing.set(name, work);
  return work;
}

async function drain(name: string): Promise<void> {
  try {
    while (waiting.has(name)) {
      const value = waiting.get(name);
      waiting.delete(name);
      await write(name, value);
    }
  } finally {
    writing.delete(name);
  }
}

async function write(name: string, value: unknown): Promise<void> {
  if (vault.account === null) return;
  if (value === null) return (await storage()).delete('drafts', `${vault.account}:${name}`);
  const sealed = await vault.seal(name, value);
  if (sealed) await (await storage()).put('drafts', sealed);
}

if (typeof document !== 'undefined') {
  document.addEventListener('visibilitychange', () => void drafts.flush());
  window.addEventListener('pagehide', () => void drafts.flush());
}
