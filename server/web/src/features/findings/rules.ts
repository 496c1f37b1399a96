/** The rules as a form, and what a change changes. */
import type { FindingRules } from '#api/findings.types.ts';
import { label, m } from '#i18n/index.svelte.ts';
import { parseNumber } from '#ui/format/kana.ts';

type Kind = 'switch' | 'number' | 'words' | 'kinds';

export interface Field {
  name: keyof typeof m.findingRules.fields;
  kind: Kind;
  min: number;
  max: number;
}

export interface RuleSpec {
  rule: keyof typeof m.findingRules.texts;
  fields: Field[];
}

/** What is in force until somebody changes it, as published: the first version changes these. */
export const USUAL: FindingRules = {
  same_surname: { enabled: true, on_team_too: false, by_kana: true, ignored: [] },
  same_address: { enabled: true, on_team_too: true },
  own_family: { enabled: true, on_team_too: true },
  watched_patient: { enabled: true, on_team_too: false },
  no_relation: { enabled: true, attempts_too: true },
  emergency_unreviewed: { enabled: true, hours: 72 },
  unusual_hour: {
    enabled: true,
    from_hour: 22,
    until_hour: 5,
    around_the_clock: ['hospital', 'nursing_home'],
  },
  many_patients: { enabled: true, patients: 20 },
  after_membership: { enabled: true, grace_days: 1 },
  repeated_denials: { enabled: true, count: 10, minutes: 10, sign_in_count: 5, sign_in_minutes: 30 },
  look_back_days: 180,
  answer_days: 7,
};

type Value = boolean | string | string[];
export type RulesForm = Record<string, Record<string, Value>>;
type Plain = Record<string, Record<string, unknown>>;

const flag = (name: Field['name']): Field => ({ name, kind: 'switch', min: 0, max: 0 });
const number = (name: Field['name'], min: number, max: number): Field => ({ name, kind: 'number', min, max });
const list = (name: Field['name'], kind: 'words' | 'kinds'): Field => ({ name, kind, min: 0, max: 0 });

/** Every rule with what can be tuned about it; `general` holds what stands beside the rules. */
export const RULES: readonly RuleSpec[] = [
  {
    rule: 'same_surname',
    fields: [flag('enabled'), flag('on_team_too'), flag('by_kana'), list('ignored', 'words')],
  },
  { rule: 'same_address', fields: [flag('enabled'), flag('on_team_too')] },
  { rule: 'own_family', fields: [flag('enabled'), flag('on_team_too')] },
  { rule: 'watched_patient', fields: [flag('enabled'), flag('on_team_too')] },
  { rule: 'no_relation', fields: [flag('enabled'), flag('attempts_too')] },
  { rule: 'emergency_unreviewed', fields: [flag('enabled'), number('hours', 1, 720)] },
  {
    rule: 'unusual_hour',
    fields: [
      flag('enabled'),
      number('from_hour', 0, 23),
      number('until_hour', 0, 23),
      list('around_the_clock', 'kinds'),
    ],
  },
  { rule: 'many_patients', fields: [flag('enabled'), number('patients', 1, 1000)] },
  { rule: 'after_membership', fields: [flag('enabled'), number('grace_days', 0, 90)] },
  {
    rule: 'repeated_denials',
    fields: [
      flag('enabled'),
      number('count', 2, 1000),
      number('minutes', 1, 120),
      number('sign_in_count', 2, 1000),
      number('sign_in_minutes', 1, 120),
    ],
  },
  { rule: 'general', fields: [number('look_back_days', 1, 3650), number('answer_days', 1, 60)] },
];

/** One level for all: what stands beside the rules is put under `general`. */
function plainOf(rules: FindingRules): Plain {
  const { look_back_days, answer_days, ...each } = rules;
  return { ...each, general: { look_back_days, answer_days } } as Plain;
}

export function formOf(rules: FindingRules): RulesForm {
  const plain = plainOf(rules);
  const form: RulesForm = {};
  for (const { rule, fields } of RULES) {
    const values: Record<string, Value> = {};
    for (const { name, kind } of fields) {
      const value = plain[rule]?.[name];
      if (kind === 'number') values[name] = String(value);
      else if (kind === 'words') values[name] = ((value ?? []) as string[]).join('\n');
      else values[name] = (value ?? false) as Value;
    }
    form[rule] = values;
  }
  return form;
}

function valueOf(field: Field, value: Value | undefined): unknown {
  if (field.kind === 'number') return parseNumber(String(value)) ?? Number.NaN;
  if (field.kind === 'kinds') return [...((value ?? []) as string[])].sort();
  if (field.kind !== 'words') return value ?? false;
  const words = String(value)
    .split(/[\n、,，]/)
    .map((word) => word.trim());
  return [...new Set(words.filter((word) => word !== ''))];
}

/** The rules that the form says; only when `problemsOf` finds nothing. */
export function rulesOf(form: RulesForm): FindingRules {
  const plain: Plain = {};
  for (const { rule, fields } of RULES)
    plain[rule] = Object.fromEntries(
      fields.map((field) => [field.name, valueOf(field, form[rule]?.[field.name])]),
    );
  const { general, ...each } = plain;
  return { ...each, ...general } as unknown as FindingRules;
}

export function problemOf(field: Field, value: Value | undefined): string | null {
  if (field.kind !== 'number') return null;
  const found = valueOf(field, value) as number;
  const right = Number.isInteger(found) && found >= field.min && found <= field.max;
  return right ? null : m.findingRules.range(field.min, field.max);
}

export function isSound(form: RulesForm): boolean {
  return RULES.every(({ rule, fields }) =>
    fields.every((field) => problemOf(field, form[rule]?.[field.name]) === null),
  );
}

/** What differs, in words: 「短時間に多数の患者・1時間の人数：20 → 15」. */
export function changesOf(before: FindingRules, after: FindingRules): string[] {
  const [old, now] = [plainOf(before), plainOf(after)];
  const changes: string[] = [];
  for (const { rule, fields } of RULES)
    for (const field of fields) {
      const from = inWords(field, old[rule]?.[field.name]);
      const to = inWords(field, now[rule]?.[field.name]);
      const what = [nameOf(rule), m.findingRules.fields[field.name]].join('・');
      if (from !== to) changes.push(m.findingRules.change(what, from, to));
    }
  return changes;
}

export function nameOf(rule: string): string {
  return rule === 'general' ? m.findingRules.texts.general : label(m.findings.rules, rule);
}

function inWords(field: Field, value: unknown): string {
  if (field.kind === 'switch') {
    if (field.name === 'enabled') return value ? m.findingRules.on : m.findingRules.off;
    return value ? m.findingRules.yes : m.findingRules.no;
  }
  if (field.kind === 'number') return String(value);
  const words = [...((value ?? []) as string[])].sort();
  if (words.length === 0) return m.findingRules.none;
  return m.marks.list(field.kind === 'kinds' ? words.map((word) => label(m.facilityKinds, word)) : words);
}

/** What the auditor changed in the form, put on top of rules that somebody else has changed meanwhile. */
export function onTopOf(latest: FindingRules, from: FindingRules, form: RulesForm): RulesForm {
  const [base, next] = [formOf(from), formOf(latest)];
  for (const [rule, values] of Object.entries(form))
    for (const [name, value] of Object.entries(values))
      if (JSON.stringify(value) !== JSON.stringify(base[rule]?.[name]))
        next[rule] = { ...next[rule], [name]: value };
  return next;
}
