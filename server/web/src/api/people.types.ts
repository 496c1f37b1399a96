/** People: accounts, posts, licences, invitations, the import, professions. Short names for the published types. */
import type { components } from './schema.gen.ts';

type Schemas = components['schemas'];

export interface Page<T> {
  items: T[];
  next?: string | null;
}

export interface Named {
  id: string;
  name: string;
}

export type StaffPost = Schemas['AccountPostView'];
/** A post as the directory has it, with the person who holds it. */
export type DirectoryEntry = Schemas['DirectoryEntryView'];
export type LicenceState = Schemas['LicenceStatus'];
export type Account = Schemas['AccountView'];
export type AccountSession = Schemas['SessionItemView'];
/** What is shown once: the code is handed over, the link goes by mail. */
export type Invitation = Schemas['NewInvitation'];
export type OpenInvitation = Schemas['InvitationView'];
export type NewStaff = Omit<Schemas['CreateStaffMember'], 'id'>;
export type CreatedStaff = Schemas['NewStaffMemberView'];
/** What follows from a move or a departure. */
export type Departure = Schemas['ChangeView'];
export type ImportRow = Schemas['ImportRowView'];
export type ImportReport = Schemas['ImportReportView'];
export type Licence = Schemas['LicenceView'];
export type Right = Schemas['Takes'];
export type Profession = Omit<Schemas['ProfessionView'], 'kinds'> & { kinds: Record<string, string[]> };
export type Relative = Schemas['RelativeView'];
