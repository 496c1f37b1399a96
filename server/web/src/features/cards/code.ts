/** The code on a card: `TSM-XXXX-XXXX-XXXX-XXXX`, however it was typed or read. */
import { normalize } from '#ui/format/kana.ts';

/** The code as it is printed, or null when it cannot be one. */
export function codeOf(text: string): string | null {
  const plain = normalize(text)
    .toUpperCase()
    .replace(/[\s\-‐-―ー−]/g, '');
  const body = /^TSM([0-9A-Z]{16})$/.exec(plain)?.[1];
  return body === undefined ? null : ['TSM', ...(body.match(/.{4}/g) ?? [])].join('-');
}
