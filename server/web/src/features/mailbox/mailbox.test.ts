import { describe, expect, it } from 'vitest';
import { piecesOf } from './mailbox.ts';

describe('a mail of the demonstration', () => {
  it('links what leads to this site, with what stands behind the #', () => {
    const pieces = piecesOf('開く：https://a.test/enrol#t.abc。以上', 'https://a.test');
    expect(pieces).toEqual([
      { text: '開く：', path: null },
      { text: 'https://a.test/enrol#t.abc', path: '/enrol#t.abc' },
      { text: '。以上', path: null },
    ]);
  });

  it('links nothing else', () => {
    const body = 'https://evil.test/enrol https://a.test.evil.test/ javascript:alert(1)';
    expect(piecesOf(body, 'https://a.test').every(({ path }) => path === null)).toBe(true);
    expect(
      piecesOf(body, 'https://a.test')
        .map(({ text }) => text)
        .join(''),
    ).toBe(body);
  });
});
