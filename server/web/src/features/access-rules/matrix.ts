/** The table of rights: rows are professions, columns kinds of information, cells what is left after narrowing. */
import '#i18n/parts/grounds.ts';
import type { AccessOverride, Profession, Right } from '#api/access.types.ts';
import { m } from '#i18n/index.svelte.ts';

export type Letter = 'read' | 'write' | 'sign' | 'summary' | 'separate';

export const letters: readonly Letter[] = ['read', 'write', 'sign', 'summary', 'separate'];

/** Rights come in words or as the letters of the register. */
const words: Readonly<Record<string, Letter>> = {
  R: 'read',
  W: 'write',
  S: 'sign',
  r: 'summary',
  c: 'separate',
  read: 'read',
  write: 'write',
  sign: 'sign',
  summary: 'summary',
  separate: 'separate',
};

export interface Cell {
  kind: string;
  /** What the profession has here today. */
  has: Letter[];
  /** What the network took away. */
  taken: string[];
}

export interface Row {
  profession: Profession;
  cells: Cell[];
}

/** Columns in the order in which this app names the kinds; what it does not know comes last. */
export function kindsOf(professions: readonly Profession[]): string[] {
  const known = Object.keys(m.kinds);
  const sent = new Set(professions.flatMap((one) => Object.keys(one.kinds)));
  const rank = (kind: string) => (known.includes(kind) ? known.indexOf(kind) : known.length);
  return [...sent].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

export function rowsOf(
  professions: readonly Profession[],
  overrides: readonly AccessOverride[],
  kinds: readonly string[],
): Row[] {
  const current = overrides.filter((one) => !one.removed_at);
  return professions
    .filter((profession) => Object.values(profession.kinds).some((rights) => rights.length > 0))
    .map((profession) => ({
      profession,
      cells: kinds.map((kind) => cellOf(profession, kind, current)),
    }));
}

function cellOf(profession: Profession, kind: string, overrides: readonly AccessOverride[]): Cell {
  const taken = overrides
    .filter((one) => one.profession === profession.code && one.kind === kind)
    .map((one) => one.takes);
  const sent = (profession.kinds[kind] ?? []).flatMap((right) => words[right] ?? []);
  const has = letters.filter((letter) => sent.includes(letter) && !lost(letter, taken));
  return { kind, has, taken };
}

/** Whoever may not read has no summary either. */
function lost(letter: Letter, taken: readonly string[]): boolean {
  if (letter === 'separate') return false;
  return taken.includes(letter === 'summary' ? 'read' : letter);
}

/** The rights that can be taken away in a cell. */
export function takeable(cell: Cell): Right[] {
  const reads = cell.has.includes('read') || cell.has.includes('summary');
  return [
    ...(reads ? (['read'] as const) : []),
    ...(['write', 'sign'] as const).filter((right) => cell.has.includes(right)),
  ];
}
