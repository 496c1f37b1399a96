/** Numbers as people read them: 20,852,163. */
export function countOf(value: number): string {
  return value.toLocaleString('en-US');
}
