/**
 * What the server sends about identity: sessions, factors, devices, enrolment, mail of the demonstration. Written
 * by hand from the interface; each becomes an alias of the generated type of the same name.
 */
import type { components } from './schema.gen.ts';

type Schemas = components['schemas'];

/** A WebAuthn answer or question as JSON; only the browser looks inside. */
export type WebAuthnJson = Record<string, unknown>;

export type DeviceKind = 'shared' | 'personal';

export interface PatientRelation {
  patient_id: string;
  relation: string;
  label: string;
}

export interface Me extends Omit<Schemas['MeView'], 'role'> {
  role: Schemas['MeView']['role'] | 'patient' | 'family' | 'support';
  /** Every post of the person that is valid today; the session acts for `staff_member`. */
  posts: Schemas['StaffMemberView'][];
  /** Which factors were shown: pwd, otp, hwk, swk, pin … */
  amr: string[];
  device: { id: string; name: string; kind: DeviceKind } | null;
  authenticated_at: string;
  settings: { idle_minutes: number };
  /** What the rules allow in the network as a whole, such as `patient.create`. */
  may: string[];
  patient_relation: PatientRelation | null;
  /** Purposes of use that this person can state; the first is the default. */
  purposes: string[];
  password_change_required: boolean;
}

export interface SessionAnswer extends Omit<Schemas['SessionView'], 'me'> {
  me: Me;
}

export interface SignIn {
  login: string;
  password: string;
  code?: string;
}

export interface PasskeyQuestion {
  challenge_id: string;
  options: WebAuthnJson;
}

export interface PasskeyAnswer {
  challenge_id: string;
  credential: WebAuthnJson;
}

export type StepUp = { password: string; code: string } | PasskeyAnswer;

export interface OwnSession {
  id: string;
  label: string;
  source_ip: string | null;
  device: { id: string; name: string; kind: DeviceKind } | null;
  amr: string[];
  created_at: string;
  last_seen_at: string;
  expires_at: string;
  current: boolean;
}

export interface Passkey {
  id: string;
  name: string;
  created_at: string;
  last_used_at: string | null;
}

export interface Factors {
  password: { set: boolean; changed_at: string | null };
  totp: boolean;
  passkeys: Passkey[];
  recovery_codes_left: number;
}

export interface TotpSeed {
  challenge_id: string;
  secret: string;
  otpauth_url: string;
}

export interface PasswordRules {
  min: number;
  composition: boolean;
}

export interface Enrolment {
  enrolment: string;
  login: string;
  name: string;
  network: string;
  /** `invitation` or `recovery`. */
  purpose: string;
  password_rules: PasswordRules;
  expires_at: string;
}

export interface EnrolmentDone {
  session: SessionAnswer;
  recovery_codes?: string[] | null;
}

/** A device as the administrator sees it. */
export interface Device {
  id: string;
  name: string;
  kind: DeviceKind;
  facility: { id: string; name: string };
  created_at: string;
  enrolled_at: string | null;
  last_seen_at: string | null;
  revoked_at: string | null;
}

export interface NewDevice {
  device: Device;
  enrolment_code: string;
  expires_at?: string;
}

/** Someone who may come back to a shared device with a PIN. */
export interface ShiftPerson {
  account_id: string;
  name: string;
  kana: string;
  profession: string;
  pin_set: boolean;
  expires_at: string;
}

/** This device, as it knows itself: no patient is named here. */
export interface CurrentDevice {
  id: string;
  name: string;
  kind: DeviceKind;
  facility: { id: string; name: string };
  network: { slug: string; name: string };
  people: ShiftPerson[];
}

export interface Mail {
  id: string;
  recipient: string;
  subject: string;
  body: string | null;
  created_at: string;
}

/** What an answer kept from an earlier version of the app may lack. */
export function complete(me: Me): Me {
  return {
    ...me,
    posts: me.posts ?? (me.staff_member ? [me.staff_member] : []),
    amr: me.amr ?? [],
    device: me.device ?? null,
    settings: me.settings ?? { idle_minutes: 30 },
    may: me.may ?? [],
    patient_relation: me.patient_relation ?? null,
    purposes: me.purposes ?? [],
  };
}
