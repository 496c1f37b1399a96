import '#i18n/parts/rooms.ts';
import { get, list, post, put } from '#api/call.ts';
import { outbox } from '#api/outbox.svelte.ts';
import { uuidv7 } from '#api/uuid.ts';
import type { Pickable } from '#ui/Picker.svelte';
import type {
  Acknowledger,
  Message,
  MessagesPage,
  MessageVersion,
  NewMessage,
  Room,
  RoomDetail,
} from './types.ts';

export { findStaff } from '#ui/find-people.ts';

export function listRooms(): Promise<Room[]> {
  return list('/v1/rooms');
}

export function findRoom(id: string): Promise<RoomDetail> {
  return get(`/v1/rooms/${id}`);
}

export interface NewRoom {
  kind: string;
  name?: string;
  purpose?: string;
  history?: string;
  facility_id?: string;
  staff_member_ids: string[];
}

export function createRoom(room: NewRoom): Promise<RoomDetail> {
  const body = { id: uuidv7(), ...room };
  return post('/v1/rooms', body, { key: body.id });
}

export function updateRoom(room: Room, change: { name: string; purpose: string; history: string }) {
  const purpose = change.purpose.trim() || null;
  return put<RoomDetail>(`/v1/rooms/${room.id}`, { ...change, purpose });
}

/** What is done to a room as a whole. */
export function act(room: Room, what: 'close' | 'leave' | 'reopen'): Promise<RoomDetail | null> {
  return post(`/v1/rooms/${room.id}/${what}`);
}

export function addMember(room: Room, staff_member_id: string): Promise<RoomDetail> {
  return post(`/v1/rooms/${room.id}/members`, { id: uuidv7(), staff_member_id });
}

export function removeMember(membershipId: string): Promise<RoomDetail> {
  return post(`/v1/room-members/${membershipId}/end`);
}

export function assign(room: Room, staff_member_ids: string[]): Promise<RoomDetail> {
  return post(`/v1/rooms/${room.id}/assign`, { staff_member_ids });
}

export function addRule(
  room: Room,
  rule: { facility_id?: string; profession?: string },
): Promise<RoomDetail> {
  return post(`/v1/rooms/${room.id}/rules`, { id: uuidv7(), ...rule });
}

export function endRule(id: string): Promise<RoomDetail> {
  return post(`/v1/room-rules/${id}/end`);
}

export function listMessages(roomId: string, cursor?: string): Promise<MessagesPage> {
  return get(`/v1/rooms/${roomId}/messages`, { cursor, limit: 40 });
}

export function findMessage(id: string): Promise<Message> {
  return get(`/v1/messages/${id}`);
}

export function listAcknowledgers(id: string): Promise<Acknowledger[]> {
  return list(`/v1/messages/${id}/acknowledgements`);
}

export function listVersions(id: string): Promise<MessageVersion[]> {
  return list(`/v1/messages/${id}/versions`);
}

export function sendMessage(roomId: string, body: NewMessage): Promise<void> {
  const path = `/v1/rooms/${roomId}/messages`;
  return outbox.add({ id: uuidv7(), queue: `room:${roomId}`, kind: 'message', method: 'POST', path, body });
}

export function markRead(message: Message): Promise<void> {
  const path = `/v1/rooms/${message.room_id}/read-mark`;
  const queue = `read:room:${message.room_id}`;
  const body = { message_id: message.id };
  return outbox.add({ id: uuidv7(), queue, kind: 'room_mark', method: 'PUT', path, body });
}

/** What is done about a message, also without signal. */
export function actOn(
  message: Message,
  what: 'acknowledge' | 'amend' | 'move' | 'retract',
  body: unknown = {},
): Promise<void> {
  const ifMatch = what === 'acknowledge' ? undefined : String(message.version);
  const path = `/v1/messages/${message.id}/${what}`;
  const queue = `room:${message.room_id}`;
  return outbox.add({ id: uuidv7(), queue, kind: 'message_act', method: 'POST', path, body, ifMatch });
}

export async function findFacilities(query: string): Promise<Pickable[]> {
  const found = await list<{ id: string; name: string }>('/v1/facilities');
  return found.filter(({ name }) => name.includes(query)).map(({ id, name }) => ({ id, name }));
}

export async function findPatients(query: string): Promise<Pickable[]> {
  const page = await get<{ items: { id: string; name: string; kana: string }[] }>('/v1/patients', {
    query,
    limit: 20,
  });
  return page.items.map(({ id, name, kana }) => ({ id, name, note: kana }));
}
