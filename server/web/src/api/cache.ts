/** What was read last, sealed, per account: shown at once on the next visit and when there is no signal. */
import { storage } from './storage.ts';
import { vault } from './vault.ts';

export interface Cached<T> {
  value: T;
  at: string;
}

export const cache = {
  async get<T>(name: string): Promise<Cached<T> | null> {
    if (vault.account === null) return null;
    return vault.unseal<Cached<T>>(await (await storage()).get('cache', `${vault.account}:${name}`));
  },

  async put(name: string, value: unknown): Promise<void> {
    const sealed = await vault.seal(name, { value, at: new Date().toISOString() });
    if (sealed && sealed.account === vault.account) await (await storage()).put('cache', sealed);
  },

  /** Removes every entry whose name starts with `prefix`: access to it has ended. */
  async forget(prefix: string): Promise<void> {
    if (vault.account === null) return;
    const start = `${vault.account}:${prefix}`;
    await (await storage()).delete('cache', IDBKeyRange.bound(start, `${start}\uffff`));
  },

  /** How many entries the device keeps for this person. */
  async count(): Promise<number> {
    return vault.account === null ? 0 : (await storage()).countFromIndex('cache', 'account', vault.account);
  },
};
