import { beforeEach, describe, expect, it } from 'vitest';
import { drafts } from './drafts.ts';
import { vault } from './vault.ts';

beforeEach(async () => {
  await vault.wipe();
  await vault.open('a', btoa('k'.repeat(32)));
});

describe('a draft', () => {
  it('ends as the last that was typed, however fast', async () => {
    for (let at = 0; at < 50; at++) drafts.keep('composer:1', `本文${at}`);
    await drafts.flush();
    expect(await drafts.get('composer:1')).toBe('本文49');
  });

  it('is written without waiting for a pause', async () => {
    drafts.keep('composer:1', '書きかけ');
    await expect.poll(() => drafts.get('composer:1'), { timeout: 200, interval: 5 }).toBe('書きかけ');
  });

  it('does not come back when it was forgotten', async () => {
    drafts.keep('composer:1', '書きかけ');
    await drafts.forget('composer:1');
    await drafts.flush();
    expect(await drafts.get('composer:1')).toBeNull();
    drafts.keep('composer:1', '次の記録');
    drafts.keep('composer:1', null);
    await drafts.flush();
    expect(await drafts.get('composer:1')).toBeNull();
  });
});
