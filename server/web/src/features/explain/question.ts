/** What can be asked, and the question made of the choices. */
import type { Question } from '#api/access.types.ts';

export const actions = [
  'patient.read',
  'post.read',
  'post.create',
  'care_team.read',
  'care_team.write',
  'consent.read',
  'consent.write',
  'record.read',
  'record.write',
  'record.sign',
  'emergency_access.open',
] as const;

export type Act = (typeof actions)[number];
export const channels = ['team', 'medical', 'family', 'sensitive'] as const;
export const sensitivities = ['psychiatry', 'hiv', 'abuse', 'violence', 'finances'] as const;
export const postKinds = ['note', 'vitals', 'document', 'medication', 'assessment'] as const;
/** Records of the matrix: what is no post. */
export const recordKinds: readonly string[] =
  'basic conditions medication results photo assessment admission_information discharge_record referral nursing_order nursing_plan physician_opinion care_certification care_plan conference_record service_slip acp roster consultation consent'.split(
    ' ',
  );

export interface Choices {
  patientId: string;
  /** Null: oneself. */
  staffMemberId: string | null;
  action: Act;
  /** Of a post. */
  kind: (typeof postKinds)[number];
  /** Of a record. */
  record: string;
  channel: (typeof channels)[number];
  sensitivity: (typeof sensitivities)[number];
}

export function aboutPosts(action: Act): boolean {
  return action === 'post.read' || action === 'post.create';
}

export function aboutRecords(action: Act): boolean {
  return action.startsWith('record.');
}

/** Only what belongs to the act is asked. */
export function questionOf(choices: Choices): Question {
  const question: Question = { patient_id: choices.patientId, action: choices.action };
  if (choices.staffMemberId !== null) question.staff_member_id = choices.staffMemberId;
  if (aboutRecords(choices.action)) question.kind = choices.record;
  if (!aboutPosts(choices.action)) return question;
  question.kind = choices.kind;
  question.channel = choices.channel;
  if (choices.channel === 'sensitive') question.sensitivity = choices.sensitivity;
  return question;
}
