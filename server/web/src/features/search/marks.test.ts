import { describe, expect, it } from 'vitest';
import { partsOf } from './marks.ts';

describe('a text with marks', () => {
  it('is taken apart where they are', () => {
    expect(partsOf('夜間に発熱あり', [{ from: 3, to: 5 }])).toEqual([
      { text: '夜間に', marked: false },
      { text: '発熱', marked: true },
      { text: 'あり', marked: false },
    ]);
  });

  it('counts characters that take two places as one', () => {
    expect(partsOf('𠮷野さん', [{ from: 0, to: 2 }])).toEqual([
      { text: '𠮷野', marked: true },
      { text: 'さん', marked: false },
    ]);
  });

  it('is whole without any', () => {
    expect(partsOf('発熱', [])).toEqual([{ text: '発熱', marked: false }]);
    expect(partsOf('', [])).toEqual([]);
  });
});
