/** Computes whether an entry is in the log that a checkpoint stands for (RFC 6962), without asking the server again. */
import type { LogProof } from '#api/log.types.ts';

export interface Checkpoint {
  size: number;
  root: string;
  /** When it was signed, as far as a signature says so. */
  at: Date | null;
}

/** The lines of a checkpoint; a signature with a time is 4 bytes of key, 8 of seconds and 64 of Ed25519. */
export function readCheckpoint(note: string): Checkpoint | null {
  const [, size, root, empty, ...signatures] = note.split('\n');
  if (size === undefined || root === undefined || empty !== '' || !/^\d+$/.test(size)) return null;
  for (const line of signatures) {
    const signature = bytesOf(line.split(' ')[2] ?? '');
    if (signature.length !== 76) continue;
    const seconds = new DataView(signature.buffer).getBigUint64(4);
    return { size: Number(size), root, at: new Date(Number(seconds) * 1000) };
  }
  return { size: Number(size), root, at: null };
}

/** Null where the browser cannot compute digests: on a connection that is not secure. */
export async function isSound(proof: LogProof, entryId: string): Promise<boolean | null> {
  if (typeof crypto === 'undefined' || !('subtle' in crypto)) return null;
  const checkpoint = readCheckpoint(proof.checkpoint);
  const entry = readEntry(proof.entry);
  if (checkpoint === null || entry === null || checkpoint.size !== proof.size || entry['id'] !== entryId)
    return false;
  const leaf = await digest([0], new TextEncoder().encode(proof.entry));
  const root = await rootOf(leaf, proof.index, proof.size, proof.hashes.map(bytesOf));
  if (root === null || base64Of(root) !== checkpoint.root) return false;
  for (const { name, salt, value } of proof.opened) {
    const found = hexOf(await digest(fromHex(salt), new TextEncoder().encode(value)));
    const claimed = entry[name === 'patient' ? 'patients' : name];
    if (Array.isArray(claimed) ? !claimed.includes(found) : claimed !== found) return false;
  }
  return true;
}

/** The root of a tree of `size` entries, from an entry and the hashes beside its way up; null if they do not lead there. */
async function rootOf(
  leaf: Uint8Array,
  index: number,
  size: number,
  hashes: readonly Uint8Array[],
): Promise<Uint8Array | null> {
  let [place, last, hash] = [index, size - 1, leaf];
  const up = () => {
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  };
  for (const beside of hashes) {
    if (last <= 0) return null;
    if (place % 2 === 1 || place === last) {
      hash = await digest([1], beside, hash);
      while (place % 2 === 0 && place !== 0) up();
    } else {
      hash = await digest([1], hash, beside);
    }
    up();
  }
  return last === 0 && index < size ? hash : null;
}

async function digest(...parts: (ArrayLike<number> & Iterable<number>)[]): Promise<Uint8Array> {
  const all = Uint8Array.from(parts.flatMap((part) => [...part]));
  return new Uint8Array(await crypto.subtle.digest('SHA-256', all));
}

function readEntry(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

function base64Of(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function fromHex(text: string): number[] {
  return (text.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
}

export function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
