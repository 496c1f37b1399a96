/** Checks a consistency proof (RFC 9162, 2.1.4.2) with what this device can calculate by itself. */

type Hash = Uint8Array<ArrayBuffer>;

function bytesOf(base64: string): Hash {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/** The hash of a node above two others. */
async function above(left: Hash, right: Hash): Promise<Hash> {
  const both = new Uint8Array(1 + left.length + right.length);
  both[0] = 1;
  both.set(left, 1);
  both.set(right, 1 + left.length);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', both));
}

function same(a: Hash, b: Hash): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

interface Tree {
  size: number;
  /** In base64. */
  root: string;
}

/** Whether the older tree is the beginning of the newer one. */
export async function grows(older: Tree, newer: Tree, proof: readonly string[]): Promise<boolean> {
  if (older.size > newer.size) return false;
  if (older.size === newer.size) return proof.length === 0 && older.root === newer.root;
  if (older.size === 0) return proof.length === 0;
  return leads(older, newer, proof.map(bytesOf));
}

const halved = (at: number, last: number): [number, number] => [Math.floor(at / 2), Math.floor(last / 2)];

/** Whether the hashes lead from a place in the older tree to both roots. */
async function leads(older: Tree, newer: Tree, hashes: Hash[]): Promise<boolean> {
  let [at, last] = [older.size - 1, newer.size - 1];
  while (at % 2 === 1) [at, last] = halved(at, last);
  // Where the older tree is whole, its root is the first hash and is not sent.
  const start = at === 0 ? bytesOf(older.root) : hashes.shift();
  if (!start) return false;
  let [before, after] = [start, start];
  for (const hash of hashes) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      before = await above(hash, before);
      after = await above(hash, after);
      while (at % 2 === 0 && at !== 0) [at, last] = halved(at, last);
    } else {
      after = await above(after, hash);
    }
    [at, last] = halved(at, last);
  }
  return last === 0 && same(before, bytesOf(older.root)) && same(after, bytesOf(newer.root));
}
