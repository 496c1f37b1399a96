import '#i18n/parts/rooms.ts';
import { file, get, list, post } from '#api/call.ts';
import { outbox } from '#api/outbox.svelte.ts';
import { uuidv7 } from '#api/uuid.ts';

interface Person {
  id: string;
  name: string;
  profession: string;
  facility_name: string;
}

export interface Announcement {
  id: string;
  title: string;
  body: string | null;
  author: Person;
  recorded_at: string;
  audience: { facility_name: string | null; profession: string | null; room_name: string | null }[];
  confirm_by: string | null;
  reminded_at: string | null;
  withdrawn_at: string | null;
  withdrawal_reason: string | null;
  mine: boolean;
  to_me: boolean;
  confirmed_at: string | null;
  sent_to: number;
  confirmed: number;
}

export interface Recipient extends Person {
  confirmed_at: string | null;
  left: boolean;
}

export interface NewAnnouncement {
  title: string;
  body: string;
  audience: { facility_id?: string; profession?: string; room_id?: string }[];
  confirm_by: string | null;
}

export function listAnnouncements(direction: 'received' | 'sent'): Promise<Announcement[]> {
  return list('/v1/announcements', { direction });
}

export function createAnnouncement(announcement: NewAnnouncement): Promise<Announcement> {
  const body = { id: uuidv7(), ...announcement };
  return post('/v1/announcements', body, { key: body.id });
}

/** Also without signal. */
export function confirmAnnouncement(id: string): Promise<void> {
  const path = `/v1/announcements/${id}/confirm`;
  const queue = `announcement:${id}`;
  return outbox.add({ id: uuidv7(), queue, kind: 'confirm', method: 'POST', path, body: {} });
}

export function remind(id: string): Promise<Announcement> {
  return post(`/v1/announcements/${id}/remind`);
}

export function withdraw(id: string, reason: string): Promise<Announcement> {
  return post(`/v1/announcements/${id}/withdraw`, { reason });
}

export function listRecipients(id: string): Promise<Recipient[]> {
  return list(`/v1/announcements/${id}/recipients`);
}

export function exportRecipients(id: string): Promise<Blob> {
  return file(`/v1/announcements/${id}/export`);
}

/** The rooms to which something can be passed round. */
export async function listRooms(): Promise<{ id: string; name: string }[]> {
  const page = await get<{ items: { id: string; name: string | null; member: boolean }[] }>('/v1/rooms');
  return page.items
    .filter((room) => room.member)
    .flatMap(({ id, name }) => (name === null ? [] : [{ id, name }]));
}
