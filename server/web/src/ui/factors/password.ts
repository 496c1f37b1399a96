/** What a new password still lacks, told while it is typed; the server has the last word. */
export interface Rules {
  min: number;
  composition: boolean;
}

export type Strength = 'none' | 'weak' | 'fair' | 'good';

/** Characters as a reader counts them. */
export function lengthOf(password: string): number {
  return [...password.normalize('NFC')].length;
}

export function hasEveryKind(password: string): boolean {
  return /\p{L}/u.test(password) && /\p{N}/u.test(password) && /[^\p{L}\p{N}\s]/u.test(password);
}

export function meets(password: string, rules: Rules): boolean {
  return lengthOf(password) >= rules.min && (!rules.composition || hasEveryKind(password));
}

/** In words, from length and variety: a long row of the same letters is not strong. */
export function strengthOf(password: string, rules: Rules): Strength {
  if (password === '') return 'none';
  const different = new Set(password.toLowerCase()).size;
  if (lengthOf(password) < rules.min * 0.7 || different < 5) return 'weak';
  return meets(password, rules) && different >= 8 ? 'good' : 'fair';
}
