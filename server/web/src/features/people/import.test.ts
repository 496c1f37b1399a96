import type { ImportReport } from '#api/access.types.ts';
import { describe, expect, it } from 'vitest';
import { countOf, linesOf, templateFile } from './import.ts';

const report: ImportReport = {
  dry_run: true,
  created: 0,
  unchanged: 1,
  errors: 1,
  rows: [
    { row: 2, outcome: 'create', name: '山田 花子', errors: [], invitation_code: null },
    {
      row: 3,
      outcome: 'error',
      name: '佐藤 健',
      errors: [
        { field: 'facility', code: 'not_allowed', message: 'no such facility' },
        { field: 'account.email', code: 'required', message: 'required' },
        { field: 'shoe_size', code: 'unheard_of', message: 'is not known here' },
      ],
      invitation_code: null,
    },
    { row: 4, outcome: 'unchanged', name: '', errors: [], invitation_code: null },
  ],
};

describe('the report of an import', () => {
  it('says what is to be corrected, field by field, and shows it first', () => {
    const [first] = linesOf(report);
    expect(first?.row).toBe(3);
    expect(first?.words).toEqual([
      '施設：ネットワークに登録されていません。登録された名称のとおりに書いてください',
      'メール：入力されていません',
      'shoe_size：is not known here',
    ]);
  });

  it('says what a correct line will do, and what it has done', () => {
    const [, second, third] = linesOf(report);
    expect(second?.words).toEqual(['問題ありません。登録コードを発行し、登録用のリンクをメールで送ります。']);
    expect(third).toMatchObject({ name: '', words: ['すでに同じ内容で登録されています。'] });
    const written = linesOf({ ...report, dry_run: false }).find((line) => line.row === 2);
    expect(written?.words).toEqual(['登録用のリンクをメールで送りました。']);
  });

  it('counts', () => {
    expect(countOf(report, 'create')).toBe(1);
    expect(countOf(report, 'error')).toBe(1);
  });
});

describe('the example', () => {
  it('opens in a spreadsheet with its ten columns', async () => {
    const bytes = new Uint8Array(await templateFile().arrayBuffer());
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const [header, line] = new TextDecoder().decode(bytes).split('\r\n');
    expect(header?.split(',')).toHaveLength(10);
    expect(line?.split(',')).toHaveLength(10);
  });
});
