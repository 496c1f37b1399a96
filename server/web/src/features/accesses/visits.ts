/** Lines that belong together: what the same people did for the same reason in one go, as a person would tell it. */
import type { AccessLine } from '#api/proof.types.ts';
import { dayKey } from '#ui/format/dates.ts';

/** A pause that ends a visit. */
const PAUSE_MS = 15 * 60_000;

export interface Visit {
  id: string;
  day: string;
  /** The newest first, as in the list. */
  lines: AccessLine[];
  first: AccessLine;
}

/** What the same visit has in common; names and programs as far as they are shown. */
function kindOf({ who, purpose, refused, emergency }: AccessLine): string {
  const { kind, organization, profession, name, program } = who;
  const parts = [kind, organization, profession, name, program, purpose, emergency?.category];
  return JSON.stringify([...parts.map((part) => part ?? null), refused]);
}

export function visitsOf(lines: readonly AccessLine[]): Visit[] {
  const visits: Visit[] = [];
  let open: { kind: string; at: number; visit: Visit } | undefined;
  for (const line of lines) {
    const kind = kindOf(line);
    const at = Date.parse(line.at);
    const day = dayKey(line.at);
    if (open?.kind === kind && open.visit.day === day && open.at - at <= PAUSE_MS) {
      open.visit.lines.push(line);
      open.at = at;
    } else {
      const visit: Visit = { id: line.id, day, lines: [line], first: line };
      visits.push(visit);
      open = { kind, at, visit };
    }
  }
  return visits;
}
