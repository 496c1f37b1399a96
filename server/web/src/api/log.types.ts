/** The access log as auditors read it. Short names for the published types. */
import type { components } from './schema.gen.ts';

export type { AccessLogEntry } from './types.ts';

type Schemas = components['schemas'];

export type LogActor = Schemas['LogActorView'];
export type LogSummary = Schemas['AccessLogSummaryView'];
export type HeatMap = Schemas['HeatMapView'];
export type LogProof = Schemas['AccessLogProofView'];
export type Maintenance = Schemas['MaintenanceView'];
export type MaintenanceSession = Schemas['MaintenanceSessionView'];
