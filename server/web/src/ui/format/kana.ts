/** Full-width or half-width, hiragana or katakana: people may write either. */

/** Full-width letters and digits to half-width, half-width katakana to full-width, outer space removed. */
export function normalize(text: string): string {
  return text.normalize('NFKC').trim();
}

export function toHiragana(text: string): string {
  return normalize(text).replace(/[\u30a1-\u30f6]/g, (char) =>
    String.fromCharCode(char.charCodeAt(0) - 0x60),
  );
}

/** Only kana, the long mark and spaces between names. */
export function isKana(text: string): boolean {
  return /^[\u3041-\u3096\u30fc\u30fb ]+$/.test(toHiragana(text));
}

/** A number as typed on any keyboard, or null. */
export function parseNumber(text: string): number | null {
  const plain = normalize(text).replace(/[,、。]/g, '.');
  return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}
