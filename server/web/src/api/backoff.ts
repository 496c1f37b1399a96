/** Doubling waits with jitter, so that a whole region does not come back in the same second. */
export function backoff(failures: number, random: number = Math.random()): number {
  return Math.min(30_000, 1000 * 2 ** Math.min(failures, 5)) * (0.5 + random / 2);
}
