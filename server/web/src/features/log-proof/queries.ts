import '#i18n/parts/log-proof.ts';
import type { Page } from '#api/access.types.ts';
import { get, list, post } from '#api/call.ts';
import type {
  Checkpoint,
  GrowthProof,
  LogState,
  NewWitness,
  Witness,
  WitnessedLog,
} from '#api/proof.types.ts';
import { uuidv7 } from '#api/uuid.ts';

export function findState(): Promise<LogState> {
  return get('/v1/access-log/checkpoint');
}

export function listCheckpoints(cursor: string | null = null): Promise<Page<Checkpoint>> {
  return get('/v1/access-log/checkpoints', { cursor, limit: 50 });
}

export function findGrowth(from: number, to: number, tree: number): Promise<GrowthProof> {
  return get('/v1/access-log/consistency', { from, to, tree });
}

export function listWitnesses(): Promise<Witness[]> {
  return list('/v1/witnesses');
}

export function createWitness(witness: NewWitness): Promise<Witness> {
  const body = { id: uuidv7(), ...witness };
  return post('/v1/witnesses', body, { key: body.id });
}

export function endWitness(id: string): Promise<unknown> {
  return post(`/v1/witnesses/${id}/end`);
}

export function listWatched(): Promise<WitnessedLog[]> {
  return list('/v1/witnessed-logs');
}

export function createWatched(name: string, publicKey: string): Promise<WitnessedLog> {
  const body = { id: uuidv7(), name, public_key: publicKey };
  return post('/v1/witnessed-logs', body, { key: body.id });
}

export function endWatched(id: string): Promise<unknown> {
  return post(`/v1/witnessed-logs/${id}/end`);
}
