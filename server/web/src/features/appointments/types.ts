/** Appointments as the server speaks of them. */
export const kinds = ['visit', 'exchange', 'conference', 'deadline', 'other'] as const;
export type Kind = (typeof kinds)[number];

export interface Participant {
  staff_member_id?: string | null;
  profession?: string | null;
  name?: string | null;
}

export interface Plan {
  kind: Kind;
  title?: string | null;
  starts_at?: string | null;
  ends_at?: string | null;
  starts_on?: string | null;
  ends_on?: string | null;
  place?: string | null;
  note?: string | null;
  for_family: boolean;
  recurrence?: string | null;
  participants: Participant[];
}

export interface Occurrence {
  appointment_id: string;
  version: number;
  /** The day that names this time within a series. */
  on: string;
  series: boolean;
  changed: boolean;
  patient: { id: string; name: string } | null;
  detail: 'full' | 'outline' | 'time';
  plan: Plan;
  people: Participant[];
  mine: boolean;
  overlaps: boolean;
  can_write: boolean;
}

/** What is due and no appointment: an exchange of a device, or until when a post is to be acknowledged or answered. */
export interface Due {
  kind: 'device_exchange' | 'answer';
  patient?: { id: string; name: string } | null;
  /** What is exchanged. */
  what?: string | null;
  /** Kind of the post. */
  post_kind?: string | null;
  /** Whether a reply is asked for; otherwise acknowledging is enough. */
  reply: boolean;
  on: string;
  /** By when, of an answer. */
  at?: string | null;
  overdue: boolean;
  fact_id?: string | null;
  post_id?: string | null;
}

/** Some days: what was entered, and what is due. */
export interface Calendar {
  items: Occurrence[];
  due: Due[];
}

export interface Appointment {
  id: string;
  version: number;
  plan: Plan;
  people: Participant[];
}

export interface Version {
  version: number;
  change: 'create' | 'amend' | 'amend_one' | 'amend_following' | 'cancel' | 'cancel_one' | 'cancel_following';
  reason: string | null;
  written_by_name: string | null;
  written_at: string;
}

export interface Overlap {
  staff_member_id: string;
  name: string;
  starts_at: string;
  ends_at: string;
}

export type Scope = 'this' | 'following' | 'all';

export interface Feed {
  id: string;
  created_at: string;
  last_read_at: string | null;
}

export interface NewFeed {
  id: string;
  url: string;
  created_at: string;
}
