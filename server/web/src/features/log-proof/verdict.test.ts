import { describe, expect, it } from 'vitest';
import type { LogState, Witness } from '#api/proof.types.ts';
import { verdictOf } from './verdict.ts';

const now = Date.parse('2026-11-30T01:00:00Z');

const witness: Witness = {
  id: '1',
  kind: 'server',
  name: '南部',
  created_at: '2026-11-01T00:00:00Z',
  created_by: '管理者',
  late: false,
  failures: 0,
  next_at: '2026-11-30T02:00:00Z',
};

const sound: LogState = {
  clock: { quality: 'checked' },
  copies: { failures: 0, late: false },
  own_witness: { public_key: 'key', url: 'url' },
  witnesses: [witness],
  log: {
    origin: 'log',
    public_key: 'key',
    tree: 1,
    size: 20,
    unsealed: 0,
    lag_seconds: 0,
    rejected: 0,
    checkpoint: { tree: 1, size: 20, root: '', note: '', code: '', signed_at: '2026-11-30T00:55:00Z' },
  },
};

const codes = (state: LogState) => verdictOf(state, now).reasons.map(({ code }) => code);
const log = sound.log as NonNullable<LogState['log']>;

describe('the verdict', () => {
  it('is good when everything is signed and two others keep checkpoints', () => {
    expect(verdictOf(sound, now)).toEqual({ level: 'good', reasons: [] });
  });

  it('is an alarm when a witness disputes, but not when that witness was ended', () => {
    const disputing = { ...witness, disputed_at: '2026-11-29T00:00:00Z', dispute: 'ahead' };
    expect(verdictOf({ ...sound, witnesses: [disputing] }, now).level).toBe('alarm');
    const ended = { ...disputing, ended_at: '2026-11-29T01:00:00Z' };
    expect(verdictOf({ ...sound, witnesses: [witness, ended] }, now).level).toBe('good');
  });

  it('is an alarm when nothing is signed any more, even before the first checkpoint', () => {
    expect(verdictOf({ ...sound, log: { ...log, halted: 'why', checkpoint: null } }, now).level).toBe(
      'alarm',
    );
    expect(verdictOf({ ...sound, log: { ...log, checkpoint: null } }, now).level).toBe('unsigned');
  });

  it('asks to look when too few keep checkpoints, or when signing is late', () => {
    expect(codes({ ...sound, copies: null })).toEqual(['few_places']);
    expect(codes({ ...sound, log: { ...log, size: 25 } })).toEqual([]);
    const old = { ...log, size: 25, checkpoint: { ...log.checkpoint, signed_at: '2026-11-30T00:20:00Z' } };
    expect(codes({ ...sound, log: old as typeof log })).toEqual(['signing_late']);
  });

  it('says the alarms first', () => {
    const bad = { ...sound, copies: null, log: { ...log, rejected: 2 } };
    expect(codes(bad)).toEqual(['rejected', 'few_places']);
    expect(verdictOf(bad, now).level).toBe('alarm');
  });
});
