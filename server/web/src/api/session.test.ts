import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import type { Me } from './identity.types.ts';
import { session } from './session.svelte.ts';

describe('a session that has ended', () => {
  it('says why, however many calls hear of it', async () => {
    session.me = { account_id: 'a', role: 'staff', posts: [] } as unknown as Me;
    await session.end('expired');
    await session.end('expired');
    expect(session.endReason).toBe('expired');
    expect(session.me).toBeNull();
  });

  it('says nothing to whoever was not signed in', async () => {
    session.endReason = null;
    await session.end('expired');
    expect(session.endReason).toBeNull();
  });
});
