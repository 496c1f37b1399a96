/** Digits as typed on any keyboard, pasted with spaces or full-width: only the digits, at most `most`. */
export function digitsOf(text: string, most: number): string {
  return text.normalize('NFKC').replace(/\D/g, '').slice(0, most);
}

/** A code of letters and digits in groups of four, as it stands on paper: `abcd efgh` becomes `ABCD-EFGH`. */
export function groupsOf(text: string, most: number): string {
  const plain = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .slice(0, most);
  return plain.match(/.{1,4}/g)?.join('-') ?? '';
}
