/** The registration form: its fields, what is missing, and the request made of it. */
import type { CreatePatient, Sex } from '#api/types.ts';
import { m } from '#i18n/index.svelte.ts';
import { today } from '#ui/format/dates.ts';
import { isKana, normalize } from '#ui/format/kana.ts';

export interface Registration {
  id: string;
  consentId: string;
  name: string;
  kana: string;
  birthDate: string;
  sex: Sex | '';
  address: string;
  phone: string;
  system: 'none' | 'care' | 'medical';
  identifier: string;
  grantedBy: 'patient' | 'proxy' | 'emergency';
  grantedOn: string;
  method: 'paper' | 'on_screen' | 'card';
  proxyName: string;
  proxyRelation: string;
  note: string;
}

/** Namespaces of the insured person's numbers, as the national implementation guide has them. */
export const systems = {
  care: 'http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_member/long-term-care',
  medical: 'http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID',
} as const;

export function blankRegistration(id: string, consentId: string): Registration {
  return {
    ...{ id, consentId, name: '', kana: '', birthDate: '', sex: '', address: '', phone: '' },
    ...{ system: 'none', identifier: '', grantedBy: 'patient', grantedOn: today(), method: 'paper' },
    ...{ proxyName: '', proxyRelation: '', note: '' },
  };
}

export type RegistrationErrors = Partial<Record<keyof Registration, string>>;

export function checkRegistration(form: Registration): RegistrationErrors {
  const errors: RegistrationErrors = {};
  const required: (keyof Registration)[] = ['name', 'kana', 'birthDate', 'sex', 'address', 'grantedOn'];
  if (form.grantedBy === 'proxy') required.push('proxyName', 'proxyRelation');
  if (form.system !== 'none') required.push('identifier');
  for (const field of required) if (form[field].trim() === '') errors[field] = m.register.required;
  if (!errors.kana && !isKana(form.kana)) errors.kana = m.register.kanaShape;
  if (form.birthDate > today()) errors.birthDate = m.register.dateFuture;
  if (form.grantedOn > today()) errors.grantedOn = m.register.dateFuture;
  return errors;
}

export function requestOf(form: Registration): CreatePatient {
  const proxy = form.grantedBy === 'proxy';
  return {
    id: form.id,
    name: normalize(form.name),
    kana: normalize(form.kana),
    birth_date: form.birthDate,
    sex: form.sex || 'unknown',
    address: form.address.trim(),
    phone: normalize(form.phone) || null,
    identifiers:
      form.system === 'none' ? [] : [{ system: systems[form.system], value: normalize(form.identifier) }],
    consent: {
      id: form.consentId,
      granted_on: form.grantedOn,
      granted_by: form.grantedBy,
      proxy_name: proxy ? form.proxyName.trim() : null,
      proxy_relation: proxy ? form.proxyRelation.trim() : null,
      method: form.method,
      note: form.note.trim() || null,
    },
  };
}
