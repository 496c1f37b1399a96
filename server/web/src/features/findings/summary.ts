/** The counts of a month, as they stand in the table. */
import type { FindingCount, FindingSummary } from '#api/findings.types.ts';

export interface Line {
  rule: string;
  found: number;
  toDo: number;
  justified: number;
  notJustified: number;
  other: number;
}

function lineOf(count: FindingCount): Line {
  return {
    rule: count.rule,
    found: count.found,
    toDo: count.open + count.assigned + count.asked + count.answered,
    justified: count.justified,
    notJustified: count.not_justified,
    other: count.unclear + count.duplicate,
  };
}

/** Rules that have found something. */
export function linesOf(summary: FindingSummary): Line[] {
  return summary.rules.map(lineOf).filter(({ found }) => found > 0);
}

export function totalOf(lines: readonly Line[]): Line {
  const sum = (part: (line: Line) => number) => lines.reduce((whole, line) => whole + part(line), 0);
  return {
    rule: '',
    found: sum((line) => line.found),
    toDo: sum((line) => line.toDo),
    justified: sum((line) => line.justified),
    notJustified: sum((line) => line.notJustified),
    other: sum((line) => line.other),
  };
}
