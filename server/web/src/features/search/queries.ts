import { post } from '#api/call.ts';
import type { Page } from '#api/access.types.ts';

export interface Mark {
  from: number;
  to: number;
}

/** Something found; the marks count characters (code points). */
export interface Found {
  source: string;
  id: string;
  kind: string;
  patient_id?: string | null;
  patient_name?: string | null;
  post_id?: string | null;
  room_id?: string | null;
  /** Absent between two people. */
  room_name?: string | null;
  author_id?: string | null;
  author_name: string;
  facility_name: string;
  at: string;
  title: string;
  title_marks: Mark[];
  passages: { text: string; marks: Mark[] }[];
}

export interface Asked {
  words: string;
  patient_id?: string;
  author_id?: string;
  kinds?: string[];
  from?: string;
  cursor?: string;
}

/** The words go in the body: an address is kept by browsers and servers. */
export function search(asked: Asked): Promise<Page<Found>> {
  return post('/v1/search', asked);
}
