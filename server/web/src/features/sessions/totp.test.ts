import { describe, expect, it } from 'vitest';
import { bytesOfBase32, codeAt, secondsLeft } from './totp.ts';

/** The seed of RFC 6238, appendix B: the ASCII text 12345678901234567890. */
const SEED = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('the code of the demonstration', () => {
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('is the one of the standard at %i s', async (seconds, code) => {
    expect(await codeAt(SEED, seconds * 1000)).toBe(code);
  });

  it('reads a seed as people copy it', () => {
    expect(bytesOfBase32('gezd gnbv-GY3T QOJQ')).toEqual(bytesOfBase32('GEZDGNBVGY3TQOJQ'));
    expect(new TextDecoder().decode(bytesOfBase32(SEED))).toBe('12345678901234567890');
  });

  it('says how long the code holds', () => {
    expect(secondsLeft(0)).toBe(30);
    expect(secondsLeft(29_900)).toBe(1);
  });
});
