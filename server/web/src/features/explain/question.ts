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
  'emergency_access.create',
] as const;

export type Act = (typeof actions)[number];
export const channels = ['team', 'medical', 'family', 'sensitive'] as const;
export const sensitivities = ['psychiatry', 'hiv', 'abuse', 'violence', 'finances'] as const;
export const postKinds = ['note', 'vitals', 'document'] as const;

export interface Choices {
  patientId: string;
  /** Null: oneself. */
  staffMemberId: string | null;
  action: Act;
  kind: (typeof postKinds)[number];
  channel: (typeof channels)[number];
  sensitivity: (typeof sensitivities)[number];
}

export function aboutPosts(action: Act): boolean {
  return action === 'post.read' || action === 'post.create';
}

/** Only what belongs to the act is asked. */
export function questionOf(choices: Choices): Question {
  const question: Question = { patient_id: choices.patientId, action: choices.action };
  if (choices.staffMemberId !== null) question.staff_member_id = choices.staffMemberId;
  if (!aboutPosts(choices.action)) return question;
  question.kind = choices.kind;
  question.channel = choices.channel;
  if (choices.channel === 'sensitive') question.sensitivity = choices.sensitivity;
  return question;
}
