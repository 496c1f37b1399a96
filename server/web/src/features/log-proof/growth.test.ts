import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { grows } from './growth.ts';

const hash = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
const leaves = Array.from({ length: 40 }, (_, index) =>
  hash(Buffer.from([0]), Buffer.from(`entry ${index}`)),
);

/** The largest power of two below `n`. */
const half = (n: number) => 2 ** Math.floor(Math.log2(n - 1));

function root(from: number, to: number): Buffer {
  if (to - from === 1) return leaves[from] as Buffer;
  const middle = from + half(to - from);
  return hash(Buffer.from([1]), root(from, middle), root(middle, to));
}

/** The proof as RFC 6962 defines it, written the other way round than it is checked. */
function proof(size: number, from: number, to: number, whole: boolean): Buffer[] {
  const width = to - from;
  if (size === width) return whole ? [] : [root(from, to)];
  const middle = half(width);
  if (size <= middle) return [...proof(size, from, from + middle, whole), root(from + middle, to)];
  return [...proof(size - middle, from + middle, to, false), root(from, from + middle)];
}

const tree = (size: number) => ({ size, root: root(0, size).toString('base64') });
const proofOf = (older: number, newer: number) =>
  proof(older, 0, newer, true).map((part) => part.toString('base64'));

describe('the growth of a log', () => {
  it('is proven for all sizes', async () => {
    for (let newer = 1; newer <= 40; newer++)
      for (let older = 1; older <= newer; older++)
        expect(await grows(tree(older), tree(newer), proofOf(older, newer)), `${older} to ${newer}`).toBe(
          true,
        );
  });

  it('is not proven by another proof, nor for another tree', async () => {
    const good = proofOf(13, 29);
    expect(await grows(tree(13), tree(29), good.slice(1))).toBe(false);
    expect(await grows(tree(13), tree(29), [...good, good[0] ?? ''])).toBe(false);
    expect(await grows({ ...tree(13), root: tree(12).root }, tree(29), good)).toBe(false);
    expect(await grows(tree(13), { ...tree(29), root: tree(28).root }, good)).toBe(false);
    expect(await grows(tree(29), tree(13), good)).toBe(false);
  });
});
