import { get, list, put } from '#api/call.ts';
import type { DutyContact, DutyContacts } from '#api/work.types.ts';

export interface Named {
  id: string;
  name: string;
}

export function findContacts(facility: string): Promise<DutyContacts> {
  return get(`/v1/facilities/${facility}/duty-contacts`);
}

export function setContacts(facility: string, contacts: readonly Entry[]): Promise<DutyContacts> {
  const body = {
    contacts: contacts.map(({ staff_member_id, weekdays, from, to }) => ({
      staff_member_id,
      weekdays,
      from,
      to,
    })),
  };
  return put(`/v1/facilities/${facility}/duty-contacts`, body);
}

export function listFacilities(): Promise<Named[]> {
  return list('/v1/facilities', { limit: 100 });
}

export async function listStaff(facility: string): Promise<Named[]> {
  const all = await list<Named & { facility: Named }>('/v1/staff-members', { limit: 100 });
  return all.filter((one) => one.facility.id === facility);
}

export type Entry = Pick<DutyContact, 'from' | 'name' | 'staff_member_id' | 'to' | 'weekdays'>;
