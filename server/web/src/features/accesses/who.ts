/** Who it was, in the words that the network tells patients. */
import type { AccessActor } from '#api/proof.types.ts';
import { locale, m } from '#i18n/index.svelte.ts';

export interface Who {
  main: string;
  note: string | null;
}

export function whoOf(actor: AccessActor): Who {
  const through = actor.program ? m.accesses.through(actor.program) : null;
  if (actor.kind === 'self' || actor.kind === 'family' || actor.kind === 'proxy')
    return { main: [m.accesses[actor.kind], actor.name].filter(Boolean).join(' '), note: null };
  if (actor.kind === 'system') return { main: m.accesses.system, note: actor.program ?? null };
  if (actor.kind === 'anonymous') return { main: m.accesses.someone, note: through };
  // The words of the app first, which are those of daily life; a profession of the network's own has the server's.
  const known: Readonly<Record<string, string>> = m.professions;
  const said = locale.language === 'ja' ? actor.profession_ja : actor.profession_en;
  const profession = (actor.profession ? known[actor.profession] : null) ?? said ?? actor.profession;
  const main = [profession ?? m.accesses.staff, actor.name].filter(Boolean).join(' ');
  return { main, note: [actor.organization, through].filter(Boolean).join('・') || null };
}
