import type { Attachment } from '#api/types.ts';

/** What the server says of rooms. What is a code stays an open string, so that a later server may send another. */
export interface RoomPerson {
  id: string;
  name: string;
  profession: string;
  facility_name: string;
}

export interface Room {
  id: string;
  kind: string;
  name: string | null;
  partner: RoomPerson | null;
  purpose: string | null;
  history: string;
  facility_id: string | null;
  archived_at: string | null;
  member: boolean;
  unread: number;
  mentioned: number;
  read_seq: number;
  last: {
    recorded_at: string;
    author_name: string;
    mine: boolean;
    state: string;
    excerpt: string | null;
  } | null;
  created_at: string;
}

export interface RoomMember extends RoomPerson {
  membership_id: string | null;
  by_post: boolean;
  responsible: boolean;
  joined_at: string;
}

export interface RoomRule {
  id: string;
  facility_name: string | null;
  profession: string | null;
}

export interface RoomDetail extends Room {
  members: RoomMember[];
  rules: RoomRule[];
  can_keep: boolean;
  can_leave: boolean;
}

export interface Message {
  id: string;
  room_id: string;
  seq: number;
  author: RoomPerson;
  mine: boolean;
  recorded_at: string;
  version: number;
  state: string;
  body: string | null;
  /** Absent in what an earlier version of this app has kept. */
  attachments?: Attachment[];
  amended_at: string | null;
  reply_to: { id: string; author_name: string; excerpt: string | null } | null;
  mentions: RoomPerson[];
  mentions_everyone: boolean;
  mentions_me: boolean;
  read_by: number;
  unread: boolean;
  acknowledgement: {
    due_at: string | null;
    asked: number;
    acknowledged: number;
    unasked: number;
    mine: string;
  };
  ended: {
    at: string;
    by_name: string;
    reason: string | null;
    post_id: string | null;
    patient_id: string | null;
  } | null;
}

export interface NewMessage {
  id: string;
  body: string;
  reply_to?: string | null;
  mentions?: string[];
  mentions_everyone?: boolean;
  acknowledgement?: { staff_member_ids?: string[]; due_at: string | null } | null;
  attachment_ids?: string[];
}

export interface Acknowledger extends RoomPerson {
  asked: boolean;
  acknowledged_at: string | null;
  left: boolean;
}

export interface MessageVersion {
  version: number;
  body: string | null;
  reason: string | null;
  state: string;
  written_by: string;
  written_at: string;
}

export interface MessagesPage {
  items: Message[];
  next: string | null;
}
