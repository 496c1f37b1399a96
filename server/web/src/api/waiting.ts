/** Waiting for one's turn, and not for ever. */

/** One tab at a time. */
export function withLock<T>(work: () => Promise<T>): Promise<T> {
  return 'locks' in navigator ? navigator.locks.request('tsumugi-refresh', work) : work();
}

/** Until `work` is done or failed, but no longer. */
export async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const late = new Promise((resolve) => setTimeout(resolve, milliseconds));
  await Promise.race([work.catch(() => undefined), late]);
}
