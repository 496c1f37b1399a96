/** What waits for a person, and how a person is told. Short names for the published types. */
import type { components } from './schema.gen.ts';

type Schemas = components['schemas'];

export type Ask = Schemas['AskView'];
export type AskAcknowledgement = Schemas['AskAcknowledgement'];
export type Duty = Schemas['DutyView'];
export type Waiting = Schemas['WaitingView'];
export type Work = Schemas['WorkView'];
export type WorkCounts = Schemas['WorkCountsView'];
export type NoticeSettings = Schemas['NoticeSettingsView'];
export type NoticeChoice = Schemas['NoticeChoice'];
export type DutyContacts = Schemas['DutyContactsView'];
export type DutyContact = Schemas['DutyContactView'];
