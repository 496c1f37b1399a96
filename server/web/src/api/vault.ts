/**
 * Seals what the device keeps. The key comes with the session answer, is imported so that no script can read
 * it back, and lies in IndexedDB as a CryptoKey: a reload without signal still opens the cache, sign-out
 * destroys it. When a session merely expires, drafts and unsent entries stay sealed under the old key until the
 * same person signs in again; then they are sealed anew. A shared device that is locked forgets the key altogether:
 * the server keeps it for the length of the shift and gives it out again to whoever comes back with the PIN.
 */
import { storage, type Sealed, type SealedStore } from './storage.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Whether a locked store keeps its key on the device, or has to get it from the server again. */
export type Locking = 'keep_key' | 'forget_key';

let current: { account: string; key: CryptoKey } | null = null;

export const vault = {
  get account(): string | null {
    return current?.account ?? null;
  },

  /** Opens what the last session left on this device, if it has not been locked. */
  async restore(): Promise<string | null> {
    const known = await (await storage()).getAll('accounts');
    const active = known.find((entry) => entry.active);
    current = active?.key ? { account: active.account, key: active.key } : null;
    return current?.account ?? null;
  },

  async open(account: string, keyBase64: string, shared = false): Promise<void> {
    const db = await storage();
    const bytes = Uint8Array.from(atob(keyBase64), (char) => char.charCodeAt(0));
    const fingerprint = await fingerprintOf(bytes);
    const known = await db.get('accounts', account);
    if (known?.fingerprint === fingerprint && known.key) {
      current = { account, key: known.key };
    } else {
      const key = await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
      if (known && known.fingerprint !== fingerprint) await reseal(account, known.key, key);
      current = { account, key };
    }
    const locking: Locking = shared ? 'forget_key' : 'keep_key';
    for (const other of await db.getAllKeys('accounts'))
      if (other !== account) await this.lock(other, locking);
    await db.put('accounts', { account, key: current.key, fingerprint, active: true });
  },

  async lockAll(locking: Locking): Promise<void> {
    for (const account of await (await storage()).getAllKeys('accounts')) await this.lock(account, locking);
  },

  /** The session expired: forget what was read, keep what was written. */
  async lock(which?: string, locking: Locking = 'keep_key'): Promise<void> {
    const account = which ?? this.account;
    if (account === null) return;
    const db = await storage();
    await clear('cache', account);
    const known = await db.get('accounts', account);
    const key = locking === 'keep_key' ? (known?.key ?? null) : null;
    if (known) await db.put('accounts', { ...known, key, active: false });
    if (current?.account === account) current = null;
  },

  /** Sign-out, or the server ended the session: nothing of this person stays here. */
  async wipe(which?: string): Promise<void> {
    const account = which ?? this.account;
    if (account === null) return;
    for (const name of ['cache', 'outbox', 'drafts', 'files'] as const) await clear(name, account);
    await (await storage()).delete('accounts', account);
    if (current?.account === account) current = null;
  },

  async seal(name: string, value: unknown): Promise<Sealed | null> {
    return current ? sealWith(current.key, current.account, name, value) : null;
  },

  async unseal<T>(sealed: Sealed | undefined): Promise<T | null> {
    return current && sealed?.account === current.account ? unsealWith<T>(current.key, sealed) : null;
  },

  async sealBytes(name: string, bytes: ArrayBuffer): Promise<Sealed | null> {
    return current ? encrypted(current.key, current.account, name, bytes) : null;
  },

  async unsealBytes(sealed: Sealed | undefined): Promise<ArrayBuffer | null> {
    return current && sealed?.account === current.account ? decrypted(current.key, sealed) : null;
  },
};

export async function sealWith(
  key: CryptoKey,
  account: string,
  name: string,
  value: unknown,
): Promise<Sealed> {
  return encrypted(key, account, name, encoder.encode(JSON.stringify(value)));
}

async function encrypted(
  key: CryptoKey,
  account: string,
  name: string,
  plain: BufferSource,
): Promise<Sealed> {
  const id = `${account}:${name}`;
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData: encoder.encode(id) },
    key,
    plain,
  );
  return { id, account, iv, data };
}

/** Null when the bytes were not sealed with this key under this name. */
export async function unsealWith<T>(key: CryptoKey, sealed: Sealed): Promise<T | null> {
  const plain = await decrypted(key, sealed);
  return plain && (JSON.parse(decoder.decode(plain)) as T);
}

async function decrypted(key: CryptoKey, { iv, id, data }: Sealed): Promise<ArrayBuffer | null> {
  const how = { name: 'AES-GCM', iv, additionalData: encoder.encode(id) };
  return crypto.subtle.decrypt(how, key, data).catch(() => null);
}

async function reseal(account: string, from: CryptoKey | null, to: CryptoKey): Promise<void> {
  const db = await storage();
  await clear('cache', account);
  for (const name of ['outbox', 'drafts'] as const) {
    for (const sealed of await db.getAllFromIndex(name, 'account', account)) {
      const value = from && (await unsealWith(from, sealed));
      if (value === null) await db.delete(name, sealed.id);
      else await db.put(name, await sealWith(to, account, sealed.id.slice(account.length + 1), value));
    }
  }
  for (const id of await db.getAllKeysFromIndex('files', 'account', account)) {
    const sealed = await db.get('files', id);
    const bytes = sealed && from && (await decrypted(from, sealed));
    if (bytes) await db.put('files', await encrypted(to, account, id.slice(account.length + 1), bytes));
    else await db.delete('files', id);
  }
}

async function clear(name: SealedStore, account: string): Promise<void> {
  const transaction = (await storage()).transaction(name, 'readwrite');
  for (const id of await transaction.store.index('account').getAllKeys(account))
    await transaction.store.delete(id);
  await transaction.done;
}

async function fingerprintOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}
