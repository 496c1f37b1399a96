import '#i18n/parts/findings.ts';
import { describe, expect, it } from 'vitest';
import { changesOf, formOf, isSound, onTopOf, rulesOf, USUAL as usual } from './rules.ts';

function changed(rule: string, field: string, value: string | boolean) {
  const form = formOf(usual);
  form[rule] = { ...form[rule], [field]: value };
  return form;
}

describe('the form of the rules', () => {
  it('says what it was made of', () => {
    expect(rulesOf(formOf(usual))).toEqual(usual);
    expect(changesOf(usual, rulesOf(formOf(usual)))).toEqual([]);
  });

  it('takes numbers from any keyboard and refuses what is out of range', () => {
    const form = changed('many_patients', 'patients', '１５');
    expect(isSound(form)).toBe(true);
    expect(rulesOf(form).many_patients.patients).toBe(15);
    for (const wrong of ['', '0', '1001', '十', '1.5'])
      expect(isSound(changed('many_patients', 'patients', wrong))).toBe(false);
  });

  it('takes surnames in lines or with commas, each once', () => {
    const form = changed('same_surname', 'ignored', '佐藤、鈴木\n 佐藤 \n');
    expect(rulesOf(form).same_surname.ignored).toEqual(['佐藤', '鈴木']);
  });
});

describe('a change of the rules', () => {
  it('is told in words', () => {
    const form = changed('many_patients', 'patients', '15');
    form['same_address'] = { ...form['same_address'], enabled: false };
    expect(changesOf(usual, rulesOf(form))).toEqual([
      '住所が同じ・点検する：点検する → 点検しない',
      '短時間に多数の患者・1時間の人数：20 → 15',
    ]);
  });

  it('stays on top of what somebody else has changed meanwhile', () => {
    const latest = { ...usual, answer_days: 14, many_patients: { enabled: true, patients: 30 } };
    const form = onTopOf(latest, usual, changed('many_patients', 'patients', '15'));
    expect(rulesOf(form)).toEqual({
      ...usual,
      answer_days: 14,
      many_patients: { enabled: true, patients: 15 },
    });
  });
});
