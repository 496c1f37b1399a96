import type { OwnEntry } from '#api/record-exports.types.ts';

/** 2026-11-03 as 2026/11/3. */
function dayOf(on: string): string {
  return on.split('-').map(Number).join('/');
}

/** One entry as care managers write it: day, time and item on a line, then what was said and done. */
export function written(entry: OwnEntry): string {
  return `${dayOf(entry.on)} ${entry.time} ${entry.item}\n${entry.text}`;
}

/** All of them, with an empty line in between. */
export function allWritten(entries: OwnEntry[]): string {
  return entries.map(written).join('\n\n');
}
