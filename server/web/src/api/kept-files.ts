/** Files on this device until the server has them: sealed like everything else here, a few megabytes at a time. */
import { storage } from './storage.ts';
import { vault } from './vault.ts';

const PIECE = 4 * 1024 * 1024;

export async function keepFile(id: string, file: Blob): Promise<void> {
  const count = Math.max(1, Math.ceil(file.size / PIECE));
  for (let at = 0; at < count; at++) {
    const bytes = await file.slice(at * PIECE, (at + 1) * PIECE).arrayBuffer();
    const sealed = await vault.sealBytes(`${id}:${at}`, bytes);
    if (sealed) await (await storage()).put('files', sealed);
  }
}

/** The file, or nothing when a part of it is not here any more. */
export async function keptFile(id: string, size: number, type: string): Promise<Blob | null> {
  const pieces: ArrayBuffer[] = [];
  for (let at = 0; at * PIECE < size; at++) {
    const sealed = await (await storage()).get('files', `${vault.account}:${id}:${at}`);
    const bytes = await vault.unsealBytes(sealed);
    if (bytes === null) return null;
    pieces.push(bytes);
  }
  return new Blob(pieces, { type });
}

export async function forgetFile(id: string, size: number): Promise<void> {
  const db = await storage();
  for (let at = 0; at === 0 || at * PIECE < size; at++)
    await db.delete('files', `${vault.account}:${id}:${at}`);
}
