/**
 * Consent and the grounds of access, with people: the shapes of what the server sends and takes. What the published
 * document generates takes their place as soon as it has these operations.
 */
import type { Named } from './people.types.ts';
import type { Channel, CreatePost, Patient, Post } from './types.ts';

export type * from './people.types.ts';

// ---- consent

export type Sensitive = 'psychiatry' | 'hiv' | 'abuse' | 'violence' | 'finances';

export interface Evidence {
  id: string;
  media_type: string;
  uploaded_at: string;
  uploaded_by: string;
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
  /** The consent that this one takes the place of. */
  replaces: string | null;
}

export interface Provision {
  provided_on: string;
  source_facility: Named;
  recipient_facility: Named;
  recipient: string;
  kind: string;
  kind_ja: string;
  basis: string;
  consent_id?: string | null;
}

export interface RegistrationCard {
  id: string;
  code: string;
  patient: { name: string; kana: string; birth_date: string };
  network: string;
}

export interface IssuedCard {
  id: string;
  issued_at: string;
  issued_by: string;
  revoked_at?: string | null;
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
  /** Name of whoever used it. */
  staff_member: string;
  profession: string;
  facility: string;
  reason: string;
  started_at: string;
  expires_at: string;
  ended_at?: string | null;
  reviewed_at?: string | null;
  finding?: string | null;
  review_note?: string | null;
}

export interface StandIn {
  id: string;
  name: string;
  profession: string;
}

export interface Substitution {
  id: string;
  absent: StandIn;
  substitute: StandIn;
  patient_id?: string | null;
  reason: string;
  starts_at: string;
  ends_at: string;
  ended_at?: string | null;
}

export interface AccessOverride {
  id: string;
  profession: string;
  kind: string;
  takes: string;
  reason: string;
  created_at: string;
  created_by: string;
  removed_at?: string | null;
}

export interface Explanation {
  allowed: boolean;
  rules: { id: string; effect: string; reason_ja: string; reason_en: string }[];
  because_ja: string[];
  because_en: string[];
  would_help: { change: string; text_ja: string; text_en: string }[];
  same_rules?: boolean | null;
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
  emergency?: { id: string; expires_at: string } | null;
  summary_only: boolean;
}

export type AccessiblePatient = Patient & { access?: PatientAccess };
