/**
 * Short names for the published types. What the server sends as a code stays an open string in views: a later
 * server may send a code that this app does not know, and then shows it as it is (`label` in i18n).
 */
import type { components } from './schema.gen.ts';

type Schemas = components['schemas'];

export type AccessLogEntry = Schemas['AccessLogEntryView'];
export type Acknowledgement = Schemas['AcknowledgementView'];
export type Approval = Schemas['ApprovalView'];
export type Attachment = Schemas['AttachmentView'];
export type Channel = Schemas['Channel'];
export type CreateFacility = Schemas['CreateFacility'];
export type CreatePatient = Schemas['CreatePatient'];
export type CreatePost = Schemas['CreatePost'];
export type CreateStaffMember = Schemas['CreateStaffMember'];
export type DocumentSection = Schemas['SectionView'];
export type DocumentView = Schemas['DocumentView'];
export type Facility = Schemas['FacilityView'];
export type IncomingDocument = Schemas['IncomingDocumentView'];
export type { Me, SessionAnswer } from './identity.types.ts';
export type Patient = Schemas['PatientView'];
export type PatientItem = Schemas['PatientItem'];
export type Post = Schemas['PostView'];
export type PostTemplate = Schemas['PostTemplateView'];
export type PostVersion = Schemas['PostVersionView'];
export type Problem = Schemas['Problem'];
export type Sex = Schemas['Sex'];
export type StaffMember = Schemas['StaffMemberView'];
export type TeamMember = Schemas['TeamMemberView'];
export type VitalSigns = Schemas['VitalSigns'];
export type VitalsItem = Schemas['VitalsView'];
export type Wound = Schemas['WoundView'];
