/** Whether a file arrived whole: its digest is the one that the log has for the completed export. */
import { hexOf } from './proof.ts';
import { listEntries } from './queries.ts';

/** Null where the browser cannot compute it. */
export async function digestOf(content: Blob): Promise<string | null> {
  if (!('subtle' in crypto)) return null;
  const digest = await crypto.subtle.digest('SHA-256', await content.arrayBuffer());
  return hexOf(new Uint8Array(digest));
}

export async function isOnRecord(digest: string): Promise<boolean> {
  const latest = await listEntries({ action: 'access_log.export_end' }, null, 10).catch(() => null);
  return latest?.items.some((entry) => entry.digest === `sha256:${digest}`) ?? false;
}
