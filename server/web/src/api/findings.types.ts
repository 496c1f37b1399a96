/** What was found in the access log, its review, and what the person concerned is asked. Short names for the published types. */
import type { components } from './schema.gen.ts';

type Schemas = components['schemas'];

export type Finding = Schemas['FindingView'];
export type FindingDetail = Schemas['FindingDetailView'];
export type FindingEntry = Schemas['FindingEntryView'];
export type FindingStep = Schemas['FindingStepView'];
export type FindingJustification = Schemas['FindingJustificationView'];
export type FindingSummary = Schemas['FindingSummaryView'];
export type FindingCount = Schemas['FindingCountView'];
export type Conclusion = Schemas['FindingConclusion'];
export type FindingRules = Schemas['FindingRules'];
export type FindingRulesInForce = Schemas['FindingRulesView'];
export type FindingRuleVersion = Schemas['FindingRuleVersionView'];
export type WatchedPatient = Schemas['WatchedPatientView'];
export type JustificationRequest = Schemas['JustificationRequestView'];
