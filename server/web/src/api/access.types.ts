/** Consent and the grounds of access, with people. Short names for the published types. */
import type { Named } from './people.types.ts';
import type { components } from './schema.gen.ts';
import type { Channel, CreatePost, Patient, Post } from './types.ts';

export type * from './people.types.ts';

type Schemas = components['schemas'];

// ---- consent

export type Sensitive = Schemas['Sensitivity'];
export type Evidence = Schemas['EvidenceView'];
export type Consent = Schemas['ConsentView'];

/** How far a consent goes. Null is everything of that sort. */
export interface ConsentScope {
  facilities?: Named[] | null;
  profession_groups?: string[] | null;
  kinds?: string[] | null;
  sensitive?: string[];
  separate?: string[];
  valid_until?: string | null;
}

export type CreateConsent = Required<Schemas['CreateConsent']>;
export type Provision = Schemas['ProvisionView'];
export type RegistrationCard = Schemas['IssuedRegistrationCardView'];
export type IssuedCard = Schemas['RegistrationCardView'];
export type CardHolder = Schemas['ReadRegistrationCardView'];

// ---- decisions

export type FoundPatient = Schemas['EmergencyPatientView'];
export type EmergencyAccess = Schemas['EmergencyAccessView'];
export type EmergencyCategory = Schemas['EmergencyCategory'];
export type Substitution = Schemas['SubstitutionView'];
export type AccessOverride = Schemas['AccessOverrideView'];
export type Explanation = Schemas['ExplanationView'];
export type Question = Schemas['ExplainAccess'];

// ---- posts and patients

/** Whom a post is for. */
export type PostChannel = Channel;
export type SensitivePost = Post;
export type NewPost = CreatePost;
export type AccessiblePatient = Patient;
