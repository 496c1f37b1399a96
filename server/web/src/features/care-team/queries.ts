import { api, once, unwrap } from '#api/client.ts';
import type { StaffMember, TeamMember } from '#api/types.ts';
import { uuidv7 } from '#api/uuid.ts';
import { today } from '#ui/format/dates.ts';

export async function listCareTeam(patient_id: string): Promise<TeamMember[]> {
  const page = await unwrap(
    api.GET('/v1/patients/{patient_id}/care-team', { params: { path: { patient_id } } }),
  );
  return page.items;
}

export async function findStaff(query: string): Promise<StaffMember[]> {
  const page = await unwrap(api.GET('/v1/staff-members', { params: { query: { query, limit: 20 } } }));
  return page.items;
}

export function addMember(patient_id: string, staff_member_id: string, duty: string): Promise<unknown> {
  const body = { id: uuidv7(), staff_member_id, duty: duty.trim() || null, starts_on: today() };
  const params = { path: { patient_id } };
  return unwrap(api.POST('/v1/patients/{patient_id}/care-team', { params, headers: once(body.id), body }));
}

export function endMember(id: string): Promise<unknown> {
  const params = { path: { care_team_member_id: id } };
  return unwrap(
    api.POST('/v1/care-team-members/{care_team_member_id}/end', {
      params,
      headers: once(uuidv7()),
      body: { ends_on: today() },
    }),
  );
}
