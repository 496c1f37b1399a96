import { describe, expect, it } from 'vitest';
import { digitsOf, groupsOf } from './digits.ts';
import { hasEveryKind, lengthOf, meets, strengthOf } from './password.ts';

const rules = { min: 15, composition: true };

describe('codes as people type them', () => {
  it('takes full-width digits and pasted spaces', () => {
    expect(digitsOf('１２３ 456', 6)).toBe('123456');
    expect(digitsOf('確認コード：123456です7', 6)).toBe('123456');
  });

  it('groups a code of paper', () => {
    expect(groupsOf('abcdefgh', 8)).toBe('ABCD-EFGH');
    expect(groupsOf('ＡＢＣＤ－ｅｆ', 8)).toBe('ABCD-EF');
    expect(groupsOf('abcd-efgh-ijkl', 8)).toBe('ABCD-EFGH');
  });
});

describe('a new password', () => {
  it('is counted as a reader counts', () => {
    expect(lengthOf('か\u3099')).toBe(1);
    expect(lengthOf('👩‍⚕️'.slice(0, 2))).toBe(1);
  });

  it('needs letters, digits and signs where the network asks', () => {
    expect(hasEveryKind('やまみち-7-すずむし')).toBe(true);
    expect(meets('yamamichisuzumushi', rules)).toBe(false);
    expect(meets('yamamichisuzumushi', { min: 15, composition: false })).toBe(true);
    expect(meets('a-1', rules)).toBe(false);
  });

  it('is not strong because it is long', () => {
    expect(strengthOf('', rules)).toBe('none');
    expect(strengthOf('aaaaaaaaaaaaaaa1-', rules)).toBe('weak');
    expect(strengthOf('yamamichi', rules)).toBe('weak');
    expect(strengthOf('yamamichisuzumushi', rules)).toBe('fair');
    expect(strengthOf('yamamichi-7-suzumushi', rules)).toBe('good');
  });
});
