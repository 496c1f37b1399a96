import { describe, expect, it } from 'vitest';
import { codeOf } from './code.ts';

describe('the code of a card', () => {
  it('is understood however it was typed', () => {
    const printed = 'TSM-7Q2M-K4XH-9TWD-B3VA';
    for (const typed of [
      printed,
      'tsm7q2mk4xh9twdb3va',
      'ＴＳＭ－７Ｑ２Ｍ－Ｋ４ＸＨ－９ＴＷＤ－Ｂ３ＶＡ',
      ' TSM 7Q2M K4XH 9TWD B3VA ',
      'TSMー7Q2MーK4XHー9TWDーB3VA',
    ])
      expect(codeOf(typed)).toBe(printed);
  });

  it('is not guessed', () => {
    expect(codeOf('TSM-7Q2M-K4XH-9TWD')).toBeNull();
    expect(codeOf('https://example.jp/TSM')).toBeNull();
    expect(codeOf('')).toBeNull();
  });
});
