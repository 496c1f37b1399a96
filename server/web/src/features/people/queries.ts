import '#i18n/parts/people.ts';
import type {
  Account,
  AccountSession,
  CreatedStaff,
  Departure,
  DirectoryEntry,
  ImportReport,
  Invitation,
  Licence,
  NewStaff,
  OpenInvitation,
  Page,
  Profession,
} from '#api/access.types.ts';
import { get, list, post } from '#api/call.ts';
import { api, everyPage, once, unwrap } from '#api/client.ts';
import type { CreateFacility, Facility, StaffMember } from '#api/types.ts';
import { uuidv7 } from '#api/uuid.ts';
import type { Pickable } from '#ui/Picker.svelte';

export interface AccountFilter {
  q: string;
  facilityId: string;
  only: '' | 'unused' | 'unverified' | 'expiring';
}

export function listFacilities(): Promise<Facility[]> {
  return everyPage((cursor) =>
    unwrap(api.GET('/v1/facilities', { params: { query: { cursor, limit: 100 } } })),
  );
}

export function createFacility(facility: Omit<CreateFacility, 'id'>): Promise<Facility> {
  const body = { id: uuidv7(), ...facility };
  return unwrap(api.POST('/v1/facilities', { headers: once(body.id), body }));
}

export function listStaff(): Promise<StaffMember[]> {
  return everyPage((cursor) =>
    unwrap(api.GET('/v1/staff-members', { params: { query: { cursor, limit: 100 } } })),
  );
}

export async function findColleagues(query: string): Promise<Pickable[]> {
  const page = await unwrap(api.GET('/v1/staff-members', { params: { query: { query, limit: 20 } } }));
  return page.items.map(({ id, name, profession, facility }) => ({
    id,
    name,
    profession,
    note: facility.name,
  }));
}

export function listAccounts(filter: AccountFilter, cursor: string | null): Promise<Page<Account>> {
  return get('/v1/accounts', {
    q: filter.q.trim(),
    facility_id: filter.facilityId,
    unused_days: filter.only === 'unused' ? 90 : null,
    licence: filter.only === 'unverified' || filter.only === 'expiring' ? filter.only : null,
    cursor,
  });
}

/** One account, found in the list: there is no address of its own for it. */
export async function findAccount(id: string): Promise<Account | null> {
  return (await list<Account>('/v1/accounts')).find((account) => account.id === id) ?? null;
}

/** The post in the directory, which knows the person behind it. */
export async function findPost(id: string, name: string): Promise<DirectoryEntry | null> {
  const found = await list<DirectoryEntry>('/v1/staff-members', { query: name });
  return found.find((entry) => entry.id === id) ?? null;
}

export function suspendAccount(id: string, reason: string): Promise<Account> {
  return post(`/v1/accounts/${id}/suspend`, { reason });
}

export function resumeAccount(id: string): Promise<Account> {
  return post(`/v1/accounts/${id}/resume`);
}

export function listAccountSessions(id: string): Promise<AccountSession[]> {
  return list(`/v1/accounts/${id}/sessions`);
}

export function endAccountSessions(id: string): Promise<{ ended: number }> {
  return post(`/v1/accounts/${id}/end-sessions`);
}

export function createTemporaryCode(
  id: string,
  reason: string,
  minutes: number,
): Promise<{ code: string; expires_at: string }> {
  return post(`/v1/accounts/${id}/temporary-code`, { id: uuidv7(), reason, minutes });
}

/** Everything was lost and is found: no temporary code works any more, and whoever used one signs in anew. */
export function endTemporaryCodes(): Promise<{ ended_codes: number; ended_sessions: number }> {
  return post('/v1/temporary-codes/end-all');
}

export function resetAccount(id: string, reason: string): Promise<Invitation> {
  return post(`/v1/accounts/${id}/reset`, { reason });
}

export function createStaffMember(staff: NewStaff): Promise<CreatedStaff> {
  const body = { id: uuidv7(), ...staff };
  return post('/v1/staff-members', body, { key: body.id });
}

export function inviteAgain(account_id: string): Promise<Invitation> {
  return post('/v1/invitations', { account_id });
}

export function listInvitations(): Promise<OpenInvitation[]> {
  return list('/v1/invitations');
}

export function revokeInvitation(id: string): Promise<unknown> {
  return post(`/v1/invitations/${id}/revoke`);
}

export interface Move {
  facility_id: string;
  profession: string;
  on: string;
  hand_over_to?: string;
}

export function moveStaffMember(id: string, move: Move): Promise<Departure> {
  return post(`/v1/staff-members/${id}/move`, { new_id: uuidv7(), ...move });
}

export interface Leave {
  on: string;
  hand_over_to?: string;
  at_once?: boolean;
}

export function leaveStaffMember(id: string, leave: Leave): Promise<Departure> {
  return post(`/v1/staff-members/${id}/leave`, leave);
}

export function importStaff(content: Blob, dryRun: boolean): Promise<ImportReport> {
  const query = { dry_run: dryRun };
  return post('/v1/staff-members/import', content, { query, contentType: 'text/csv' });
}

export function listLicences(staffMemberId: string): Promise<Licence[]> {
  return list(`/v1/staff-members/${staffMemberId}/licences`);
}

export type NewLicence = Pick<Licence, 'profession' | 'number' | 'verified_on' | 'method' | 'valid_until'>;

export function createLicence(staffMemberId: string, licence: NewLicence): Promise<Licence> {
  return post(`/v1/staff-members/${staffMemberId}/licences`, { id: uuidv7(), ...licence });
}

export function revokeLicence(id: string): Promise<unknown> {
  return post(`/v1/licences/${id}/revoke`);
}

export function listProfessions(): Promise<Profession[]> {
  return list('/v1/professions');
}

export function createProfession(
  profession: Pick<Profession, 'code' | 'ja' | 'en'> & { based_on: string },
): Promise<Profession> {
  return post('/v1/professions', profession);
}
