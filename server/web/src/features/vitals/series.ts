/** The measurements of one sign in a period, ready to be drawn. */
import type { VitalsItem } from '#api/types.ts';
import type { VitalKey } from '#ui/vital-signs.ts';

export interface Point {
  at: Date;
  value: number;
  postId: string;
}

export function series(items: readonly VitalsItem[], key: VitalKey, since: Date): Point[] {
  return items.flatMap((item) => {
    const value = item[key] ?? null;
    const at = new Date(item.observed_at);
    return value === null || at < since ? [] : [{ at, value, postId: item.post_id }];
  });
}

/** Bounds of the axis: every value, with a little air. */
export function bounds(values: readonly number[]): [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const air = Math.max((high - low) * 0.12, high === low ? 1 : 0);
  return [low - air, high + air];
}
