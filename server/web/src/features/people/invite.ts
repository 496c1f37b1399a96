/** The form of an invitation: what is missing or cannot be, and the request made of it. */
import '#i18n/parts/people.ts';
import type { NewStaff } from '#api/access.types.ts';
import { m } from '#i18n/index.svelte.ts';
import { addDays, today } from '#ui/format/dates.ts';
import { isKana, normalize } from '#ui/format/kana.ts';

export interface InviteForm {
  name: string;
  kana: string;
  facility: string;
  profession: string;
  login: string;
  email: string;
  from: string;
  to: string;
}

export type InviteErrors = Partial<Record<keyof InviteForm, string>>;

export function blankInvite(facility: string): InviteForm {
  return { name: '', kana: '', facility, profession: 'nurse', login: '', email: '', from: '', to: '' };
}

export function checkInvite(form: InviteForm): InviteErrors {
  const errors: InviteErrors = {};
  for (const field of ['name', 'kana', 'facility', 'login', 'email'] as const)
    if (form[field].trim() === '') errors[field] = m.register.required;
  if (!errors.kana && !isKana(form.kana)) errors.kana = m.register.kanaShape;
  if (!errors.login && !/^[a-z0-9._-]{2,63}$/.test(normalize(form.login).toLowerCase()))
    errors.login = m.invite.login;
  if (!errors.email && !/^\S+@\S+\.\S+$/.test(normalize(form.email))) errors.email = m.invite.mail;
  if (form.profession === 'support' && !soonOver(form)) errors.to = m.invite.supportDays;
  if (form.to !== '' && form.from !== '' && form.to < form.from) errors.to = m.picker.order;
  return errors;
}

/** People who maintain the system get no more than a week. */
function soonOver(form: InviteForm): boolean {
  return form.to !== '' && form.to <= addDays(form.from || today(), 7);
}

export function requestOf(form: InviteForm): NewStaff {
  return {
    facility_id: form.facility,
    name: normalize(form.name),
    kana: normalize(form.kana),
    profession: form.profession,
    starts_on: form.from || null,
    ends_on: form.to || null,
    account: { login_name: normalize(form.login).toLowerCase(), email: normalize(form.email) },
  };
}
