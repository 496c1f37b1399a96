/** Short names for the published types; nothing here is written by hand. */
import type { components } from './schema.gen.ts';

type Schemas = components['schemas'];

export type AccessLogEntry = Schemas['AccessLogEntryView'];
export type Acknowledgement = Schemas['AcknowledgementView'];
export type Channel = Schemas['Channel'];
export type CreatePatient = Schemas['CreatePatient'];
export type CreatePost = Schemas['CreatePost'];
export type DocumentSection = Schemas['DocumentSection'];
export type DocumentView = Schemas['DocumentView'];
export type Facility = Schemas['FacilityView'];
export type FacilityKind = Schemas['FacilityKind'];
export type IncomingDocument = Schemas['IncomingDocumentView'];
export type Me = Schemas['MeView'];
export type Patient = Schemas['PatientView'];
export type PatientItem = Schemas['PatientItem'];
export type Post = Schemas['PostView'];
export type PostVersion = Schemas['PostVersionView'];
export type Problem = Schemas['Problem'];
export type Profession = Schemas['Profession'];
export type SessionAnswer = Schemas['SessionView'];
export type Sex = Schemas['Sex'];
export type StaffMember = Schemas['StaffMemberView'];
export type TeamMember = Schemas['TeamMemberView'];
export type VitalSigns = Schemas['VitalSigns'];
export type VitalsItem = Schemas['VitalsItem'];

export interface Page<T> {
  items: T[];
  next?: string | null;
}
