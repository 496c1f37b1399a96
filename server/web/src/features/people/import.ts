/** The report of an import in plain words. */
import '#i18n/parts/people.ts';
import type { ImportReport, ImportRow } from '#api/access.types.ts';
import { m } from '#i18n/index.svelte.ts';

export interface ReportLine {
  row: number;
  name: string;
  outcome: ImportRow['outcome'];
  /** What is to be corrected, or what will happen. */
  words: string[];
  code: string | null;
}

/** One line for each row of the file; what must be corrected first. */
export function linesOf(report: ImportReport): ReportLine[] {
  return report.rows
    .map((row) => ({
      row: row.row,
      name: row.name.trim(),
      outcome: row.outcome,
      words: wordsOf(row, report.dry_run),
      code: row.invitation_code ?? null,
    }))
    .sort((a, b) => rank(a) - rank(b) || a.row - b.row);
}

export function countOf(report: ImportReport, outcome: ImportRow['outcome']): number {
  return report.rows.filter((row) => row.outcome === outcome).length;
}

function rank(line: ReportLine): number {
  return line.outcome === 'error' ? 0 : 1;
}

function wordsOf(row: ImportRow, dryRun: boolean): string[] {
  if (row.outcome === 'unchanged') return [m.import.same];
  if (row.outcome === 'create') return [dryRun ? m.import.fine : m.import.sent];
  const fields: Readonly<Record<string, string>> = m.import.fields;
  const codes: Readonly<Record<string, string>> = m.import.codes;
  const told: Readonly<Record<string, string>> = m.import.told;
  return row.errors.map(({ field, code, message }) => {
    const name = field.split('.').at(-1) ?? field;
    return m.marks.pair(fields[name] ?? field, told[`${name}.${code}`] ?? codes[code] ?? message);
  });
}

/** The example that is offered: the headings and a line, with the mark that spreadsheet programs look for. */
export function templateFile(): Blob {
  const example =
    '山田 花子,ヤマダ ハナコ,看護師,みなと訪問看護ステーション,yamada,yamada@example.jp,2026-12-01,,123456,';
  return new Blob([`\ufeff${m.import.header}\r\n${example}\r\n`], { type: 'text/csv' });
}
