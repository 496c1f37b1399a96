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

/** Where a value lies on the paper. */
export function scale(
  [low, high]: [number, number],
  [from, to]: [number, number],
): (value: number) => number {
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

/** Most points that a line can show apart on a tablet. */
const MOST = 400;

/**
 * A long line in as many points as can be seen: of each stretch of time its lowest and its highest value, and
 * the last.
 */
export function thin(points: Point[]): Point[] {
  if (points.length <= MOST) return points;
  const stretches = MOST / 2 - 1;
  const thinned: Point[] = [];
  for (let stretch = 0; stretch < stretches; stretch++) {
    const some = points.slice(
      Math.floor((stretch * points.length) / stretches),
      Math.floor(((stretch + 1) * points.length) / stretches),
    );
    const by = [...some].sort((one, other) => one.value - other.value);
    const ends = [by[0], by.at(-1)].filter((point) => point !== undefined);
    ends.sort((one, other) => one.at.getTime() - other.at.getTime());
    thinned.push(...new Set(ends));
  }
  const last = points.at(-1);
  if (last && thinned.at(-1) !== last) thinned.push(last);
  return thinned;
}
