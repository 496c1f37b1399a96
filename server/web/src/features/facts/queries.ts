import { api, unwrap } from '#api/client.ts';
import { outbox } from '#api/outbox.svelte.ts';
import type { Post } from '#api/types.ts';
import { uuidv7 } from '#api/uuid.ts';
import type { ChangeFact, CreateFact, Fact, FactList, FactVersion } from './types.ts';

export function listFacts(patient_id: string, history = false): Promise<FactList> {
  const params = { path: { patient_id }, query: history ? { history } : {} };
  return unwrap(api.GET('/v1/patients/{patient_id}/facts', { params }));
}

export async function listVersions(fact_id: string): Promise<FactVersion[]> {
  const params = { path: { fact_id } };
  return (await unwrap(api.GET('/v1/facts/{fact_id}/versions', { params }))).items;
}

export function findPost(post_id: string): Promise<Post> {
  return unwrap(api.GET('/v1/posts/{post_id}', { params: { path: { post_id } } }));
}

/** Facts wait in a queue of their own: a fact that is refused does not hold up what is written beside it. */
export function queueOf(patientId: string): string {
  return `facts:${patientId}`;
}

export function createFact(patientId: string, body: CreateFact): Promise<void> {
  const path = `/v1/patients/${patientId}/facts`;
  return outbox.add({ id: uuidv7(), queue: queueOf(patientId), kind: 'fact', method: 'POST', path, body });
}

export function changeFact(fact: Fact, body: ChangeFact): Promise<void> {
  return act(fact, 'change', body);
}

export function confirmFact(fact: Fact): Promise<void> {
  return act(fact, 'confirm', { observed_at: new Date().toISOString() });
}

export function endFact(fact: Fact, reason: string, superseded_by: string | null = null): Promise<void> {
  return act(fact, 'end', { reason, superseded_by });
}

function act(fact: Fact, verb: 'change' | 'confirm' | 'end', body: unknown): Promise<void> {
  const path = `/v1/facts/${fact.id}/${verb}`;
  return outbox.add({
    id: uuidv7(),
    queue: queueOf(fact.patient_id),
    kind: `fact_${verb}`,
    method: 'POST',
    path,
    body,
    ifMatch: String(fact.version),
  });
}
