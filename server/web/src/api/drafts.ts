/** Text that is being written, kept on every keystroke; it outlives reload, crash and an expired session. */
import { storage } from './storage.ts';
import { vault } from './vault.ts';

const waiting = new Map<string, { timer: ReturnType<typeof setTimeout>; value: unknown }>();

export const drafts = {
  async get<T>(name: string): Promise<T | null> {
    if (vault.account === null) return null;
    return vault.unseal<T>(await (await storage()).get('drafts', `${vault.account}:${name}`));
  },

  /** Keeps `value` soon; null forgets the draft. */
  keep(name: string, value: unknown): void {
    clearTimeout(waiting.get(name)?.timer);
    waiting.set(name, { timer: setTimeout(() => void write(name), 250), value });
  },

  async forget(name: string): Promise<void> {
    clearTimeout(waiting.get(name)?.timer);
    waiting.delete(name);
    if (vault.account !== null) await (await storage()).delete('drafts', `${vault.account}:${name}`);
  },

  /** Writes everything now; called when the page is hidden. */
  async flush(): Promise<void> {
    await Promise.all([...waiting.keys()].map(write));
  },
};

async function write(name: string): Promise<void> {
  const entry = waiting.get(name);
  if (!entry) return;
  clearTimeout(entry.timer);
  waiting.delete(name);
  if (entry.value === null) return drafts.forget(name);
  const sealed = await vault.seal(name, entry.value);
  if (sealed) await (await storage()).put('drafts', sealed);
}

if (typeof document !== 'undefined') {
  document.addEventListener('visibilitychange', () => void drafts.flush());
  window.addEventListener('pagehide', () => void drafts.flush());
}
