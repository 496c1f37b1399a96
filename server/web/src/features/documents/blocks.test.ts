import { expect, test } from 'vitest';
import { blocksOf } from './blocks.ts';

test('lines ruled with bars become a table, the rest stays text', () => {
  expect(blocksOf('一包化しています。\n薬剤 | 用法\nA錠 | 朝\nB錠 | 夕\n中止: C錠')).toEqual([
    { kind: 'text', text: '一包化しています。' },
    {
      kind: 'table',
      head: ['薬剤', '用法'],
      rows: [
        ['A錠', '朝'],
        ['B錠', '夕'],
      ],
    },
    { kind: 'text', text: '中止: C錠' },
  ]);
});

test('a single line with a bar is text', () => {
  expect(blocksOf('右 | 左\n以上')).toEqual([{ kind: 'text', text: '右 | 左\n以上' }]);
});
