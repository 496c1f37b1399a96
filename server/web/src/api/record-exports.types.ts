/** Copies of records and own entries. Short names for the published types. */
import type { components } from './schema.gen.ts';

type Schemas = components['schemas'];

export type RecordExport = Schemas['RecordExportView'];
export type CreateRecordExport = Schemas['CreateRecordExport'];
export type ExportFormat = Schemas['RecordExportFormat'];
export type ExportPurpose = Schemas['RecordExportPurpose'];
export type ExportLink = Schemas['RecordExportLinkView'];
export type OwnEntry = Schemas['OwnEntryView'];
