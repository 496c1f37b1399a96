import { describe, expect, it } from 'vitest';
import { wrap } from './signature.ts';

describe('the text above a signature', () => {
  const fits = (line: string) => line.length <= 5;
  it('is broken where the paper ends, and nothing of it is lost', () => {
    expect(wrap('あいうえおかきくけこさ', fits)).toEqual(['あいうえお', 'かきくけこ', 'さ']);
    expect(wrap('', fits)).toEqual([]);
  });
  it('keeps a character that is wider than the paper', () => {
    expect(wrap('木', () => false)).toEqual(['木']);
  });
});
