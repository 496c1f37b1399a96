import { expect, test } from 'vitest';
import { patientNamed } from './mentioned.ts';

const patients = [
  { id: '1', name: '出雲 和子', kana: 'イズモ カズコ' },
  { id: '2', name: '林 太郎', kana: 'ハヤシ タロウ' },
];

test('a text that names a patient is found out', () => {
  expect(patientNamed('出雲和子様の件です', patients)?.id).toBe('1');
  expect(patientNamed('出雲　さんが食べられていません', patients)?.id).toBe('1');
  expect(patientNamed('イズモ カズコ さん', patients)?.id).toBe('1');
  expect(patientNamed('ハヤシさんから電話', patients)?.id).toBe('2');
});

test('a text that only looks a little like it is not', () => {
  expect(patientNamed('出雲市の研修会です', patients)).toBeNull();
  expect(patientNamed('次回は金曜です', patients)).toBeNull();
  expect(patientNamed('林間学校', patients)).toBeNull();
});
