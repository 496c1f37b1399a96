/** From a post to a form that is already filled in: what the post is about, and what of it can be read. */
import type { Post } from '#api/types.ts';
import { factKind } from '#ui/fact-kinds.ts';
import { dayKey } from '#ui/format/dates.ts';
import type { Value } from './types.ts';

export interface Guess {
  kind: string;
  value: Value;
  note: string;
}

/** Words that tell a kind, in the order in which they are looked for. */
const words: readonly (readonly [string, RegExp])[] = [
  ['allergy', /アレルギー|アナフィラキシー|副作用/],
  ['infection', /MRSA|ESBL|疥癬|結核|感染症|肝炎/i],
  ['device', /カテーテル|バルーン|胃瘻|胃ろう|PEG|カニューレ|在宅酸素|HOT|ストーマ|ポート|人工呼吸/],
  ['diet', /とろみ|嚥下|むせ|食形態|学会分類|ペースト|きざみ/],
  ['pressure_injury', /褥瘡|DESIGN/],
  ['wishes', /ACP|人生会議|延命|最期|看取り/],
  ['medicine', /処方|内服|錠|カプセル|mg/],
  ['contact', /電話番号|連絡先|キーパーソン/],
  ['adl', /移乗|歩行|入浴|更衣|ADL/i],
  ['problem', /診断|病名/],
];

const byPost: Readonly<Record<string, string>> = {
  medication: 'medicine',
  wound: 'pressure_injury',
  end_of_life: 'wishes',
};

const devices: readonly (readonly [string, RegExp])[] = [
  ['urinary_catheter', /尿道|バルーン|膀胱留置/],
  ['gastrostomy', /胃瘻|胃ろう|PEG/],
  ['nasogastric_tube', /経鼻/],
  ['tracheostomy_tube', /カニューレ/],
  ['oxygen', /酸素|HOT/],
  ['colostomy', /ストーマ|人工肛門/],
  ['cv_port', /ポート/],
  ['ventilator', /人工呼吸/],
];

/** What can be read of the text for a kind. */
function read(kind: string, text: string, day: string): Value {
  switch (kind) {
    case 'medicine': {
      const name =
        /[ァ-ヶー一-龠A-Za-z・]+(?:錠|カプセル|散|細粒|軟膏|テープ|液|注)[0-9０-９.]*(?:mg|ｍｇ|g|%)?/.exec(
          text,
        );
      const usage = /1日[0-9０-９一二三四]回\s?[朝昼夕眠前食後毎間・、]*/.exec(text);
      return { ...(name && { name: name[0] }), ...(usage && { usage: usage[0].trim() }) };
    }
    case 'pressure_injury':
      return designR(text);
    case 'wishes':
      return { matters: text.slice(0, 1000), discussed_on: day };
    case 'allergy':
    case 'infection':
      return { state: 'present' };
    case 'device': {
      const device = devices.find(([, pattern]) => pattern.test(text));
      const size = /[0-9]{1,2}\s?Fr/i.exec(text);
      const exchanged = /交換/.test(text) ? { last_exchanged_on: day } : {};
      return { ...(device && { device: device[0] }), ...(size && { size: size[0] }), ...exchanged };
    }
    default:
      return {};
  }
}

/** The codes of DESIGN-R where a text has them, such as `D3-e1s6i0g1n0p0`. */
export function designR(text: string): Value {
  const found = /(DDTI|DU|D[0-5])[-‐－ー]?\s?((?:E\d+|S\d+|I3C|I\d|G\d|N\d|P\d+)+)/i.exec(text);
  if (!found) return {};
  const codes = [found[1] ?? '', ...((found[2] ?? '').match(/E\d+|S\d+|I3C|I\d|G\d|N\d|P\d+/gi) ?? [])];
  const fields = factKind('pressure_injury')?.fields ?? [];
  const value: Value = {};
  for (const code of codes) {
    const same = (known: string) => known.toLowerCase() === code.toLowerCase();
    for (const field of fields) {
      const choice = field.choices?.find((known) => known.code.length <= 4 && same(known.code));
      if (
        choice &&
        ['depth', 'exudate', 'size', 'inflammation', 'granulation', 'necrosis', 'pocket'].includes(field.code)
      )
        value[field.code] = choice.code;
    }
  }
  return value;
}

/** What a post may be about, among the kinds that the person writes. */
export function guess(post: Post, writable: readonly string[]): Guess {
  const text = post.body ?? '';
  const told = [
    byPost[post.kind],
    ...words.filter(([, pattern]) => pattern.test(text)).map(([kind]) => kind),
  ];
  const kind = told.find((code) => code !== undefined && writable.includes(code)) ?? writable[0] ?? 'problem';
  const day = dayKey(post.observed_at);
  return { kind, value: read(kind, text, day), note: text.slice(0, 1000) };
}
