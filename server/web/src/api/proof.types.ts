/** Who has looked, and the proof of the log. Short names for the published types. */
import type { components } from './schema.gen.ts';

type Schemas = components['schemas'];

export type AccessLine = Schemas['AccessLine'];
export type AccessActor = Schemas['AccessActorView'];
export type LogState = Schemas['CheckpointStateView'];
export type Checkpoint = Schemas['CheckpointView'];
export type GrowthProof = Schemas['ConsistencyProofView'];
export type Witness = Schemas['WitnessView'];
export type NewWitness = Omit<Schemas['CreateWitness'], 'id'>;
export type WitnessedLog = Schemas['WitnessedLogView'];
export type LegalHold = Schemas['LegalHoldView'];
export type NewLegalHold = Omit<Schemas['CreateLegalHold'], 'id'>;
export type Withholding = Schemas['WithholdingView'];
export type NewWithholding = Omit<Schemas['CreateWithholding'], 'id'>;
export type IncidentReport = Schemas['IncidentReportView'];
export type NetworkSettings = Schemas['Settings'];
