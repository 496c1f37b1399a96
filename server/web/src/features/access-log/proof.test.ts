import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { LogProof } from '#api/log.types.ts';
import { isSound, readCheckpoint } from './proof.ts';

type Bytes = Buffer<ArrayBufferLike>;
const sha = (...parts: Uint8Array[]): Bytes => createHash('sha256').update(Buffer.concat(parts)).digest();
const leafOf = (entry: string): Bytes => sha(Buffer.from([0]), Buffer.from(entry));
const nodeOf = (left: Bytes, right: Bytes): Bytes => sha(Buffer.from([1]), left, right);

/** As RFC 6962 defines them, by halves. */
function split(size: number): number {
  let half = 1;
  while (half * 2 < size) half *= 2;
  return half;
}
function rootOf(leaves: Bytes[]): Bytes {
  if (leaves.length === 1) return leaves[0] as Bytes;
  const half = split(leaves.length);
  return nodeOf(rootOf(leaves.slice(0, half)), rootOf(leaves.slice(half)));
}
function pathOf(index: number, leaves: Bytes[]): Bytes[] {
  if (leaves.length === 1) return [];
  const half = split(leaves.length);
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
  return index < half
    ? [...pathOf(index, left), rootOf(right)]
    : [...pathOf(index - half, right), rootOf(left)];
}

const salt = '00112233445566778899aabbccddeeff';
const opened = { name: 'patient', salt, value: 'somebody' };
const commitment = sha(Buffer.from(salt, 'hex'), Buffer.from(opened.value)).toString('hex');
const entryOf = (id: string) => JSON.stringify({ id, patients: [commitment] });

function proofOf(index: number, size: number): LogProof {
  const entries = Array.from({ length: size }, (_, place) => entryOf(`entry-${place}`));
  const leaves = entries.map(leafOf);
  const seconds = Buffer.alloc(8);
  seconds.writeBigUInt64BE(1_764_489_600n);
  const signature = Buffer.concat([Buffer.alloc(4, 1), seconds, Buffer.alloc(64, 2)]).toString('base64');
  const checkpoint = `log/1\n${size}\n${rootOf(leaves).toString('base64')}\n\n— log/1 ${signature}\n`;
  return {
    id: `entry-${index}`,
    origin: 'log/1',
    key: '',
    index,
    size,
    entry: entries[index] ?? '',
    opened: [opened],
    hashes: pathOf(index, leaves).map((hash) => hash.toString('base64')),
    checkpoint,
    proof: '',
  };
}

test('every entry of small trees is found sound', async () => {
  for (let size = 1; size <= 20; size++)
    for (let index = 0; index < size; index++)
      expect(await isSound(proofOf(index, size), `entry-${index}`), `${index} of ${size}`).toBe(true);
});

test('what was altered, is of another entry or of another place is not sound', async () => {
  const proof = proofOf(5, 11);
  const not = async (changed: Partial<LogProof>) =>
    expect(await isSound({ ...proof, ...changed }, 'entry-5')).toBe(false);
  await not({ entry: proof.entry.replace('patients', 'patient2') });
  await not({ index: 6 });
  await not({ size: 12 });
  await not({ hashes: proof.hashes.slice(1) });
  await not({ hashes: [...proof.hashes, proof.hashes[0] ?? ''] });
  await not({ opened: [{ ...opened, value: 'somebody else' }] });
  await not({ checkpoint: 'no checkpoint' });
  expect(await isSound(proof, 'entry-4')).toBe(false);
});

test('a checkpoint says when it was signed', () => {
  expect(readCheckpoint(proofOf(0, 3).checkpoint)?.at?.toISOString()).toBe('2025-11-30T08:00:00.000Z');
  expect(readCheckpoint('log/1\n3\nAA==\n\n— log/1 AAAA\n')?.at).toBeNull();
});
