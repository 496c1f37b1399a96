/** How dark a count is drawn. By the root, so that a few busy hours do not make all others look alike. */
export const LEVELS = 4;

/** 0 for none, else 1 to 4. */
export function levelOf(count: number, max: number): number {
  if (count <= 0) return 0;
  return Math.min(LEVELS, Math.max(1, Math.ceil(Math.sqrt(count / max) * LEVELS)));
}

/** The counts of a level, for the legend; null where there can be none. */
export function rangeOf(level: number, max: number): [number, number] | null {
  const upTo = (step: number) => Math.floor(max * (step / LEVELS) ** 2 + 1e-9);
  const range: [number, number] = [upTo(level - 1) + 1, upTo(level)];
  return range[0] <= range[1] ? range : null;
}
