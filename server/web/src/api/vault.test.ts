import { beforeEach, describe, expect, it } from 'vitest';
import { cache } from './cache.ts';
import { drafts } from './drafts.ts';
import { storage } from './storage.ts';
import { sealWith, unsealWith, vault } from './vault.ts';

const key = (fill: number) => btoa(String.fromCharCode(...new Uint8Array(32).fill(fill)));

beforeEach(async () => {
  const db = await storage();
  for (const name of ['accounts', 'cache', 'outbox', 'drafts'] as const) await db.clear(name);
});

describe('what the device keeps', () => {
  it('is unreadable in the database and readable with the key', async () => {
    await vault.open('a', key(1));
    await cache.put('patient:1', { name: '中島 ハル' });
    const stored = await (await storage()).get('cache', 'a:patient:1');
    const bytes = new TextDecoder().decode(stored?.data);
    expect(bytes).not.toContain('中島');
    expect((await cache.get<{ name: string }>('patient:1'))?.value.name).toBe('中島 ハル');
  });

  it('cannot be moved to another name', async () => {
    const raw = new Uint8Array(32).fill(3);
    const secret = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
    const sealed = await sealWith(secret, 'a', 'patient:1', 'text');
    expect(await unsealWith(secret, sealed)).toBe('text');
    expect(await unsealWith(secret, { ...sealed, id: 'a:patient:2' })).toBeNull();
  });

  it('keeps its key where no script can read it', async () => {
    await vault.open('a', key(1));
    const kept = await (await storage()).get('accounts', 'a');
    expect(kept?.key?.extractable).toBe(false);
  });

  it('is there again after a reload without the server', async () => {
    await vault.open('a', key(1));
    await cache.put('patients', [1, 2]);
    expect(await vault.restore()).toBe('a');
    expect((await cache.get('patients'))?.value).toEqual([1, 2]);
  });

  it('is gone after sign-out', async () => {
    await vault.open('a', key(1));
    await cache.put('patients', [1]);
    drafts.keep('composer:1', { text: '書きかけ' });
    await drafts.flush();
    await vault.wipe();
    const db = await storage();
    for (const name of ['accounts', 'cache', 'outbox', 'drafts'] as const)
      expect(await db.count(name)).toBe(0);
    expect(await vault.restore()).toBeNull();
  });

  it('keeps drafts over an expired session and opens them under the next key', async () => {
    await vault.open('a', key(1));
    await cache.put('patients', [1]);
    drafts.keep('composer:1', { text: '書きかけ' });
    await drafts.flush();
    await vault.lock();
    expect(await vault.restore()).toBeNull();
    expect(await drafts.get('composer:1')).toBeNull();
    await vault.open('a', key(2));
    expect(await drafts.get('composer:1')).toEqual({ text: '書きかけ' });
    expect(await cache.get('patients')).toBeNull();
  });

  it('is closed to the next person on the same device', async () => {
    await vault.open('a', key(1));
    await cache.put('patients', [1]);
    await vault.open('b', key(2));
    expect(await cache.get('patients')).toBeNull();
    expect(await (await storage()).countFromIndex('cache', 'account', 'a')).toBe(0);
  });

  it('forgets everything under a name that begins alike', async () => {
    await vault.open('a', key(1));
    await cache.put('patient:1', 1);
    await cache.put('patient:1:timeline', 2);
    await cache.put('patient:2', 3);
    await cache.forget('patient:1');
    expect(await cache.get('patient:1:timeline')).toBeNull();
    expect((await cache.get('patient:2'))?.value).toBe(3);
  });

  it('forgets the key of a locked shared device, and opens again with the key of the same shift', async () => {
    await vault.open('a', key(1), true);
    await cache.put('patients', [1]);
    drafts.keep('composer:1', { text: '書きかけ' });
    await drafts.flush();
    await vault.lock(undefined, 'forget_key');
    expect((await (await storage()).get('accounts', 'a'))?.key).toBeNull();
    expect(await (await storage()).count('cache')).toBe(0);
    expect(await vault.restore()).toBeNull();

    await vault.open('b', key(2), true);
    expect(await drafts.get('composer:1')).toBeNull();
    await vault.open('a', key(1), true);
    expect(await drafts.get('composer:1')).toEqual({ text: '書きかけ' });
    expect((await (await storage()).get('accounts', 'b'))?.key).toBeNull();
  });

  it('drops what nobody can open any more when the next shift brings another key', async () => {
    await vault.open('a', key(1), true);
    drafts.keep('composer:1', { text: '書きかけ' });
    await drafts.flush();
    await vault.lock(undefined, 'forget_key');
    await vault.open('a', key(9), true);
    expect(await (await storage()).count('drafts')).toBe(0);
  });
});
