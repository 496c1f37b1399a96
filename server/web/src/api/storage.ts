/** The one IndexedDB of the app. Everything in it but the keys themselves is sealed (see vault.ts). */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

export interface Sealed {
  id: string;
  account: string;
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}

export interface AccountKey {
  account: string;
  /** Null while a shared device is locked: what was sealed waits until the server gives the key out again. */
  key: CryptoKey | null;
  fingerprint: string;
  active: boolean;
}

export type SealedStore = 'cache' | 'outbox' | 'drafts' | 'files';

interface Shape extends DBSchema {
  accounts: { key: string; value: AccountKey };
  cache: { key: string; value: Sealed; indexes: { account: string } };
  outbox: { key: string; value: Sealed; indexes: { account: string } };
  drafts: { key: string; value: Sealed; indexes: { account: string } };
  files: { key: string; value: Sealed; indexes: { account: string } };
}

export type Storage = IDBPDatabase<Shape>;

let opened: Promise<Storage> | null = null;

export function storage(): Promise<Storage> {
  opened ??= openDB<Shape>('tsumugi', 2, {
    upgrade(db, before) {
      if (before < 1) db.createObjectStore('accounts', { keyPath: 'account' });
      for (const name of ['cache', 'outbox', 'drafts', 'files'] as const) {
        if (db.objectStoreNames.contains(name)) continue;
        db.createObjectStore(name, { keyPath: 'id' }).createIndex('account', 'account');
      }
    },
    terminated: () => (opened = null),
  });
  return opened;
}
