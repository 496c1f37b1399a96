import '#i18n/parts/findings.ts';
import type { Page } from '#api/access.types.ts';
import type {
  Conclusion,
  Finding,
  FindingDetail,
  FindingRules,
  FindingRulesInForce,
  FindingRuleVersion,
  FindingSummary,
  WatchedPatient,
} from '#api/findings.types.ts';
import { get, list, post, put } from '#api/call.ts';
import { api, everyPage, unwrap } from '#api/client.ts';
import { uuidv7 } from '#api/uuid.ts';
import type { Pickable } from '#ui/Picker.svelte';

export interface FindingQuery {
  state?: string;
  rule?: string;
  person_id?: string;
  patient_id?: string;
  assigned_to?: string;
  from?: string;
  to?: string;
}

export function listFindings(query: FindingQuery, cursor: string | null): Promise<Page<Finding>> {
  return get('/v1/findings', { ...query, cursor, limit: 50 });
}

export function findFinding(id: string): Promise<FindingDetail> {
  return get(`/v1/findings/${id}`);
}

export function findSummary(month: string): Promise<FindingSummary> {
  return get('/v1/findings/summary', { month });
}

export async function createFinding(id: string, entries: string[], note: string): Promise<FindingDetail> {
  return post('/v1/findings', { id, entries, note }, { key: id });
}

/** A step of the review, in the version that the auditor has seen. */
function step(finding: Finding, act: string, body: unknown): Promise<FindingDetail> {
  return post(`/v1/findings/${finding.id}/${act}`, body, { version: finding.version });
}

export function assignFinding(finding: Finding, auditor_id: string): Promise<FindingDetail> {
  return step(finding, 'assign', { auditor_id });
}

export function askFinding(finding: Finding, question: string): Promise<FindingDetail> {
  return step(finding, 'ask', { id: uuidv7(), question });
}

export function closeFinding(finding: Finding, conclusion: Conclusion, note: string): Promise<FindingDetail> {
  return step(finding, 'close', { conclusion, note });
}

export function reopenFinding(finding: Finding, note: string): Promise<FindingDetail> {
  return step(finding, 'reopen', { note });
}

/** Those who can review: the directory names their profession, and the server looks at the account. */
export async function findAuditors(query: string): Promise<Pickable[]> {
  const staff = await everyPage((cursor) =>
    unwrap(
      api.GET('/v1/staff-members', {
        params: { query: { query: query || undefined, cursor, limit: 100 } },
      }),
    ),
  );
  return staff
    .filter(({ profession }) => profession === 'auditor')
    .map(({ id, name, profession, facility }) => ({ id, name, profession, note: facility.name }));
}

export function findRules(): Promise<FindingRulesInForce> {
  return get('/v1/finding-rules');
}

export function updateRules(
  rules: FindingRules,
  reason: string,
  version: number,
): Promise<FindingRulesInForce> {
  return put('/v1/finding-rules', { rules, reason }, { version });
}

export function listRuleVersions(): Promise<FindingRuleVersion[]> {
  return list('/v1/finding-rules/versions');
}

export function listWatched(overToo: boolean): Promise<WatchedPatient[]> {
  return list('/v1/watched-patients', { over_too: overToo });
}

export interface NewWatch {
  id: string;
  patient_id: string;
  reason: string;
  starts_on?: string;
  ends_on?: string;
}

export function createWatched(watch: NewWatch): Promise<WatchedPatient> {
  return post('/v1/watched-patients', watch, { key: watch.id });
}

export function endWatched(id: string): Promise<WatchedPatient> {
  return post(`/v1/watched-patients/${id}/end`);
}

/** Auditors have no patients of their own: these are the patients whom the log and the findings name. */
export async function loadNamedPatients(): Promise<Pickable[]> {
  const [findings, entries] = await Promise.all([
    listFindings({}, null),
    unwrap(api.GET('/v1/access-log', { params: { query: { limit: 100 } } })),
  ]);
  const named = new Map<string, Pickable>();
  for (const { patient } of entries.items)
    if (patient?.name) named.set(patient.id, { id: patient.id, name: patient.name });
  for (const { patient } of findings.items)
    if (patient?.name) named.set(patient.id, { id: patient.id, name: patient.name, note: patient.kana });
  return [...named.values()];
}
