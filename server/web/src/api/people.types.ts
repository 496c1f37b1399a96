/**
 * People: accounts, posts, licences, invitations, the import, professions. What the published document generates
 * takes the place of these shapes as soon as it has the operations.
 */
import type { StaffMember } from './types.ts';

export interface Page<T> {
  items: T[];
  next?: string | null;
}

export interface Named {
  id: string;
  name: string;
}

/** A post of a person: where, as what, from when to when. */
export interface StaffPost {
  id: string;
  facility: Named;
  profession: string;
  starts_on: string;
  ends_on?: string | null;
}

/** A post as the directory has it, with the person who holds it. */
export interface DirectoryEntry extends StaffMember {
  person_id: string;
  starts_on: string;
  ends_on?: string | null;
}

export type LicenceState = 'verified' | 'expired' | 'unverified' | 'not_required';

export interface Account {
  id: string;
  login: string;
  role: string;
  email?: string | null;
  name: string;
  profession: string | null;
  facility: Named | null;
  last_signed_in_at?: string | null;
  suspended_at?: string | null;
  enrolled: boolean;
  locked_until?: string | null;
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
  purpose: string;
  name: string;
  login: string;
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

export interface CreatedStaff extends StaffMember {
  invitation?: Invitation | null;
}

/** What follows from a move or a departure. */
export interface Departure {
  staff_member: StaffMember;
  ended_memberships: number;
  patients_without_team: number;
}

export interface ImportRow {
  row: number;
  outcome: 'create' | 'unchanged' | 'error';
  name: string | null;
  errors: { field: string; code: string; message: string }[];
  invitation_code?: string | null;
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
  verified_by: string;
  method: string;
  valid_until?: string | null;
  revoked_at?: string | null;
}

export type Right = 'read' | 'write' | 'sign';

export interface Profession {
  code: string;
  ja: string;
  en: string;
  group: string;
  licensed: boolean;
  based_on?: string | null;
  kinds: Record<string, string[]>;
}

export interface Relative {
  id: string;
  relation: 'self' | 'family' | 'proxy' | (string & {});
  name: string;
  kana: string;
  label: string;
  login_name: string;
  email?: string | null;
  starts_on: string;
  ends_on?: string | null;
  enrolled: boolean;
  active: boolean;
}
