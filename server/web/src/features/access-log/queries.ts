import '#i18n/parts/log.ts';
import type { AccessLogEntry, HeatMap, LogProof, LogSummary, Maintenance } from '#api/log.types.ts';
import type { Page } from '#api/people.types.ts';
import { file, get } from '#api/call.ts';
import { api, everyPage, unwrap } from '#api/client.ts';
import type { Facility } from '#api/types.ts';
import type { Filter } from './filter.ts';

export type ExportFormat = 'csv' | 'fhir';

export function listEntries(
  filter: Filter,
  cursor: string | null,
  limit = 50,
): Promise<Page<AccessLogEntry>> {
  return get('/v1/access-log', { ...filter, cursor, limit });
}

export function findSummary(filter: Filter): Promise<LogSummary> {
  return get('/v1/access-log/summary', filter);
}

export function findHeatMap(filter: Filter): Promise<HeatMap> {
  return get('/v1/access-log/heat-map', filter);
}

export function findProof(eventId: string): Promise<LogProof> {
  return get(`/v1/access-log/${eventId}/proof`);
}

export function exportEntries(filter: Filter, format: ExportFormat): Promise<Blob> {
  return file('/v1/access-log/export', { ...filter, format });
}

/** The report of a month such as `2026-11`, made at this moment. */
export function makeReport(month: string): Promise<Blob> {
  return file(`/v1/access-log/reports/${month}`);
}

export function listMaintenance(
  filter: { work_plan: string; from: string; to: string },
  cursor: string | null,
): Promise<Page<Maintenance>> {
  return get('/v1/access-log/maintenance', { ...filter, work_plan: filter.work_plan.trim(), cursor });
}

export function listFacilities(): Promise<Facility[]> {
  return everyPage((cursor) =>
    unwrap(api.GET('/v1/facilities', { params: { query: { cursor, limit: 100 } } })),
  );
}
