/** The form of a new consent: its fields, what is missing, how far it goes, and the request made of it. */
import '#i18n/parts/consent.ts';
import type { ConsentScope, CreateConsent, Named } from '#api/access.types.ts';
import { m } from '#i18n/index.svelte.ts';
import { addDays, today } from '#ui/format/dates.ts';

export interface ConsentFields {
  id: string;
  grantedBy: 'patient' | 'proxy' | 'emergency';
  proxyName: string;
  proxyRelation: string;
  grantedOn: string;
  method: 'paper' | 'on_screen' | 'card';
  where: 'all' | 'chosen';
  facilities: string[];
  who: 'all' | 'chosen';
  groups: string[];
  what: 'all' | 'chosen';
  kinds: string[];
  sensitive: string[];
  separate: string[];
  period: 'open' | 'date';
  validUntil: string;
  note: string;
  /** The consent that this one takes the place of; empty: it adds to the others. */
  replaces: string;
}

/** Groups of professions that may be on a care team, in the order of the register. */
export const teamGroups: readonly string[] =
  'DR DE PH NS PN RE DT DH CE PY SW CM CP HC HH DS EQ JB HO MU HE CO EM'.split(' ');

/** Kinds that a consent may be limited to; what is sensitive is asked for by itself. */
export const shareableKinds: readonly string[] =
  'basic note medical conditions medication results vitals photo assessment document admission_information discharge_record referral nursing_order nursing_plan physician_opinion care_certification care_plan conference_record service_slip acp roster'.split(
    ' ',
  );

export const subjects = ['psychiatry', 'hiv', 'abuse', 'violence', 'finances'] as const;
export const separateGroups = ['PT', 'FM', 'CM', 'PN', 'HO', 'EQ', 'MU'] as const;

export function blankConsent(id: string): ConsentFields {
  return {
    ...{ id, grantedBy: 'patient', proxyName: '', proxyRelation: '', grantedOn: today(), method: 'paper' },
    ...{ where: 'all', facilities: [], who: 'all', groups: [], what: 'all', kinds: [] },
    ...{ sensitive: [], separate: [], period: 'open', validUntil: '', note: '', replaces: '' },
  } as ConsentFields;
}

/** Longest life of a consent that nobody could be asked for. */
export const EMERGENCY_DAYS = 14;

export type ConsentErrors = Partial<Record<keyof ConsentFields, string>>;

export function checkConsent(form: ConsentFields): ConsentErrors {
  const errors: ConsentErrors = {};
  if (form.grantedBy === 'proxy')
    for (const field of ['proxyName', 'proxyRelation'] as const)
      if (form[field].trim() === '') errors[field] = m.register.required;
  if (form.grantedBy === 'emergency' && form.note.trim() === '') errors.note = m.register.required;
  if (form.grantedOn === '') errors.grantedOn = m.register.required;
  if (form.grantedOn > today()) errors.grantedOn = m.register.dateFuture;
  return { ...errors, ...checkScope(form) };
}

function checkScope(form: ConsentFields): ConsentErrors {
  const errors: ConsentErrors = {};
  if (form.where === 'chosen' && form.facilities.length === 0)
    errors.facilities = m.consentForm.facilitiesMissing;
  if (form.who === 'chosen' && form.groups.length === 0) errors.groups = m.consentForm.professionsMissing;
  if (form.what === 'chosen' && form.kinds.length === 0) errors.kinds = m.consentForm.kindsMissing;
  const dated = form.period === 'date' && form.grantedBy !== 'emergency';
  if (dated && form.validUntil < form.grantedOn) errors.validUntil = m.consentForm.lastDayMissing;
  return errors;
}

export function scopeOf(form: ConsentFields, facilities: readonly Named[]): ConsentScope {
  return {
    facilities: form.where === 'all' ? null : facilities.filter(({ id }) => form.facilities.includes(id)),
    profession_groups: form.who === 'all' ? null : teamGroups.filter((group) => form.groups.includes(group)),
    kinds: form.what === 'all' ? null : shareableKinds.filter((kind) => form.kinds.includes(kind)),
    sensitive: subjects.filter((subject) => form.sensitive.includes(subject)),
    separate: separateGroups.filter((group) => form.separate.includes(group)),
    valid_until: lastDayOf(form),
  };
}

function lastDayOf(form: ConsentFields): string | null {
  if (form.grantedBy === 'emergency') return form.grantedOn && addDays(form.grantedOn, EMERGENCY_DAYS);
  return form.period === 'date' ? form.validUntil || null : null;
}

export function requestOf(form: ConsentFields, facilities: readonly Named[]): CreateConsent {
  const scope = scopeOf(form, facilities);
  const proxy = form.grantedBy === 'proxy';
  return {
    id: form.id,
    granted_on: form.grantedOn,
    granted_by: form.grantedBy,
    proxy_name: proxy ? form.proxyName.trim() : null,
    proxy_relation: proxy ? form.proxyRelation.trim() : null,
    method: form.grantedBy === 'emergency' ? 'paper' : form.method,
    note: form.note.trim() || null,
    facilities: scope.facilities?.map(({ id }) => id) ?? null,
    profession_groups: scope.profession_groups ?? null,
    kinds: scope.kinds ?? null,
    sensitive: scope.sensitive ?? [],
    separate: scope.separate ?? [],
    valid_until: scope.valid_until ?? null,
    replaces: form.replaces || null,
  };
}
