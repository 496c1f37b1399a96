/** The text of a section as it would stand on paper: paragraphs, and tables where lines are ruled with bars. */
export type Block = { kind: 'text'; text: string } | { kind: 'table'; head: string[]; rows: string[][] };

export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length;) {
    const table = tableFrom(lines, at);
    if (table) {
      const [head = [], ...rows] = table;
      blocks.push({ kind: 'table', head, rows });
      at += table.length;
      continue;
    }
    const last = blocks.at(-1);
    const line = lines[at++] ?? '';
    if (last?.kind === 'text') last.text += `\n${line}`;
    else blocks.push({ kind: 'text', text: line });
  }
  return blocks;
}

/** At least two lines with the same number of cells, the first of which names the columns. */
function tableFrom(lines: readonly string[], at: number): string[][] | null {
  const columns = cells(lines[at]).length;
  if (columns < 2) return null;
  const rows: string[][] = [];
  for (let next = at; cells(lines[next]).length === columns; next++) rows.push(cells(lines[next]));
  return rows.length > 1 ? rows : null;
}

function cells(line: string | undefined): string[] {
  return line === undefined ? [] : line.split(' | ').map((cell) => cell.trim());
}
