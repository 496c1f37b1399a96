import { api, everyPage, unwrap } from '#api/client.ts';
import type { components } from '#api/schema.gen.ts';
import type { Facility, StaffMember } from '#api/types.ts';
import { uuidv7 } from '#api/uuid.ts';

type CreateFacility = Omit<components['schemas']['CreateFacility'], 'id'>;
type CreateStaffMember = Omit<components['schemas']['CreateStaffMember'], 'id'>;

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

export function createFacility(facility: CreateFacility): Promise<Facility> {
  const body = { id: uuidv7(), ...facility };
  return unwrap(api.POST('/v1/facilities', { params: { header: { 'Idempotency-Key': body.id } }, body }));
}

export function createStaffMember(member: CreateStaffMember): Promise<StaffMember> {
  const body = { id: uuidv7(), ...member };
  return unwrap(api.POST('/v1/staff-members', { params: { header: { 'Idempotency-Key': body.id } }, body }));
}
