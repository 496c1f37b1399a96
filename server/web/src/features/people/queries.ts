import { api, everyPage, once, unwrap } from '#api/client.ts';
import type { CreateFacility, CreateStaffMember, Facility, StaffMember } from '#api/types.ts';
import { uuidv7 } from '#api/uuid.ts';

export function listFacilities(): Promise<Facility[]> {
  return everyPage((cursor) =>
    unwrap(api.GET('/v1/facilities', { params: { query: { cursor, limit: 100 } } })),
  );
}

export function listStaff(): Promise<StaffMember[]> {
  return everyPage((cursor) =>
    unwrap(api.GET('/v1/staff-members', { params: { query: { cursor, limit: 100 } } })),
  );
}

export function createFacility(facility: Omit<CreateFacility, 'id'>): Promise<Facility> {
  const body = { id: uuidv7(), ...facility };
  return unwrap(api.POST('/v1/facilities', { headers: once(body.id), body }));
}

export function createStaffMember(member: Omit<CreateStaffMember, 'id'>): Promise<StaffMember> {
  const body = { id: uuidv7(), ...member };
  return unwrap(api.POST('/v1/staff-members', { headers: once(body.id), body }));
}
