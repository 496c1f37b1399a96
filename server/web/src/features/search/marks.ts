import type { Mark } from './queries.ts';

export interface Part {
  text: string;
  marked: boolean;
}

/** A text taken apart at its marks, which count code points. */
export function partsOf(text: string, marks: readonly Mark[]): Part[] {
  const characters = Array.from(text);
  const parts: Part[] = [];
  let at = 0;
  const add = (to: number, marked: boolean) => {
    if (to > at) parts.push({ text: characters.slice(at, to).join(''), marked });
    at = Math.max(at, to);
  };
  for (const mark of marks) {
    add(mark.from, false);
    add(mark.to, true);
  }
  add(characters.length, false);
  return parts;
}
