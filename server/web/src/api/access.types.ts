/**
 * People, consent and the grounds of access: the shapes of what the server sends and takes. What the published
 * document generates takes their place as soon as it has these operations.
 */
import type { Channel, CreatePost, Patient, Post, StaffMember } from './types.ts';

export interface Page<T> {
  items: T[];
  next?: string | null;
}

export interface Named {
  id: string;
  name: string;
}

// ---- people

/** A post of a person: where, as what, from when to when. */
export interface StaffPost extends StaffMember {
  person_id?: string;
  starts_on?: string | null;
  ends_on?: string | null;
}

export type LicenceState = 'verified' | 'expired' | 'unverified' | 'not_required';

export interface Account {
  id: string;
  login: string;
  role: string;
  email: string | null;
  name: string;
  profession: string | null;
  facility: Named | null;
  last_signed_in_at: string | null;
  suspended_at: string | null;
  enrolled: boolean;
  locked_until: string | null;
  posts: StaffPost[];
  staff_member_id: string | null;
  licence: LicenceState;
}

export interface AccountSession {
  id: string;
  label?: string | null;
  source_ip?: string | null;
  device?: Named | null;
  amr: string[];
  created_at: string;
  last_seen_at: string;
  expires_at: string;
}

/** What is shown once: the code is handed over, the link goes by mail. */
export interface Invitation {
  id: string;
  code: string;
  expires_at: string;
}

export interface OpenInvitation {
  id: string;
  account_id: string;
  purpose: 'first' | 'recovery' | (string & {});
  name?: string;
  login?: string;
  email?: string | null;
  created_at: string;
  expires_at: string;
}

export interface NewStaff {
  facility_id: string;
  name: string;
  kana: string;
  profession: string;
  person_id?: string;
  starts_on?: string | null;
  ends_on?: string | null;
  account?: { login_name: string; email: string } | null;
}

export interface CreatedStaff extends StaffPost {
  invitation?: Invitation | null;
}

/** What follows from a move or a departure. */
export interface Departure {
  staff_member: StaffPost;
  ended_memberships: number;
  patients_without_team: string[];
}

export interface ImportRow {
  row: number;
  outcome: 'create' | 'unchanged' | 'error';
  name: string | null;
  errors: { field: string; code: string; message: string }[];
  invitation_code: string | null;
}

export interface ImportReport {
  dry_run: boolean;
  rows: ImportRow[];
  created: number;
  errors: number;
}

export interface Licence {
  id: string;
  profession: string;
  number: string;
  verified_on: string;
  verified_by?: string | Named | null;
  method: string;
  valid_until: string | null;
  revoked_at?: string | null;
}

export type Right = 'read' | 'write' | 'sign';

export interface Profession {
  code: string;
  ja: string;
  en: string;
  group: string;
  licensed: boolean;
  based_on: string | null;
  kinds: Record<string, string[]>;
}

export interface Relative {
  id: string;
  relation: 'self' | 'family' | 'proxy' | (string & {});
  name: string;
  kana: string;
  label: string;
  login?: string;
  email?: string | null;
  starts_on?: string;
  ends_on?: string | null;
  enrolled?: boolean;
}

// ---- consent

export type Sensitive = 'psychiatry' | 'hiv' | 'abuse' | 'violence' | 'finances';

export interface Evidence {
  id: string;
  media_type: string;
  uploaded_at: string;
  uploaded_by: string | Named;
}

/** How far a consent goes. Null is everything of that sort. */
export interface ConsentScope {
  facilities?: Named[] | null;
  profession_groups?: string[] | null;
  kinds?: string[] | null;
  sensitive?: string[];
  separate?: string[];
  valid_until?: string | null;
}

export interface Consent extends ConsentScope {
  id: string;
  granted_on: string;
  granted_by: 'patient' | 'proxy' | 'emergency' | (string & {});
  proxy_name?: string | null;
  proxy_relation?: string | null;
  method: 'paper' | 'on_screen' | 'card' | (string & {});
  note?: string | null;
  recorded_at: string;
  recorded_by: string;
  withdrawn_at?: string | null;
  withdrawn_by?: string | null;
  withdrawal_reason?: string | null;
  standing?: boolean;
  evidence?: Evidence[];
}

export interface CreateConsent {
  id: string;
  granted_on: string;
  granted_by: 'patient' | 'proxy' | 'emergency';
  proxy_name: string | null;
  proxy_relation: string | null;
  method: 'paper' | 'on_screen' | 'card';
  note: string | null;
  facilities: string[] | null;
  profession_groups: string[] | null;
  kinds: string[] | null;
  sensitive: string[];
  separate: string[];
  valid_until: string | null;
}

export interface Provision {
  provided_on: string;
  source_facility: string | Named;
  recipient_facility: string | Named;
  recipient: string | Named | null;
  kind: string;
  kind_ja: string;
  basis: string;
  consent_id: string | null;
}

export interface RegistrationCard {
  id: string;
  code: string;
  patient: { name: string; kana: string; birth_date: string };
  network: string;
}

export interface CardHolder {
  patient: { name: string; kana: string; birth_date: string; sex: string };
}

// ---- decisions

export interface FoundPatient {
  id: string;
  name: string;
  kana: string;
  birth_date: string;
  sex: string;
}

export interface EmergencyAccess {
  id: string;
  patient_id: string;
  patient?: Named | null;
  staff_member?: StaffMember | null;
  reason: string;
  started_at: string;
  expires_at: string;
  ended_at: string | null;
  reviewed_at?: string | null;
  reviewed_by?: string | Named | null;
  finding?: 'justified' | 'not_justified' | null;
  review_note?: string | null;
}

export interface Substitution {
  id: string;
  absent: StaffMember;
  substitute: StaffMember;
  patient?: Named | null;
  reason: 'deputy' | 'on_call' | 'leave' | (string & {});
  starts_at: string;
  ends_at: string;
  ended_at?: string | null;
}

export interface AccessOverride {
  id: string;
  profession: string;
  kind: string;
  takes: Right;
  reason: string;
  created_at: string;
  created_by?: string | Named | null;
  removed_at?: string | null;
}

export interface Explanation {
  allowed: boolean;
  rules: { id: string; effect: string; reason_ja: string; reason_en: string }[];
  because_ja: string[];
  because_en: string[];
  would_help: { change: string; text_ja: string; text_en: string }[];
  same_rules: boolean | null;
  decided_at: string;
}

export interface Question {
  patient_id: string;
  action: string;
  kind?: string;
  channel?: string;
  sensitivity?: string;
  staff_member_id?: string;
}

// ---- what known answers gain

/** Whom a post is for. */
export type PostChannel = Channel | 'family' | 'sensitive';

/** A post that may say what makes it sensitive; required on the sensitive channel, absent elsewhere. */
export type SensitivePost = Post & { sensitivity?: string | null };

export type NewPost = Omit<CreatePost, 'channel'> & { channel: PostChannel; sensitivity?: Sensitive };

/** On what ground the person sees the patient. */
export interface PatientAccess {
  ground: 'member' | 'substitute' | 'emergency' | 'self' | 'family' | 'own_record' | (string & {});
  emergency: { id: string; expires_at: string } | null;
  summary_only: boolean;
}

export type AccessiblePatient = Patient & { access?: PatientAccess };

/** The name of somebody that is sent as a name or as a reference. */
export function nameOf(value: string | { name: string } | null | undefined): string {
  return typeof value === 'string' ? value : (value?.name ?? '');
}
