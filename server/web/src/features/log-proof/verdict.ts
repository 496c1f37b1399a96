/** Whether the log can be believed: one colour, and why. */
import type { LogState } from '#api/proof.types.ts';
import type { Messages } from '#i18n/ja/index.ts';

export type Level = 'good' | 'watch' | 'alarm' | 'unsigned';
export type Reason = keyof Messages['logProof']['reasons'];

export interface Verdict {
  level: Level;
  reasons: { code: Reason; alarm: boolean }[];
}

/** Entries are sealed within about a second and signed at least every ten minutes. */
const SEAL_SECONDS = 60;
const SIGN_MS = 20 * 60_000;
/** A network should have at least two places that different people look after. */
const PLACES = 2;

/** How many places keep checkpoints outside the database. */
export function placesOf(state: LogState): number {
  return state.witnesses.filter(({ ended_at }) => !ended_at).length + (state.copies ? 1 : 0);
}

export function verdictOf(state: LogState, now: number): Verdict {
  const { log, copies, clock } = state;
  if (!log?.checkpoint && !log?.halted) return { level: 'unsigned', reasons: [] };
  const witnesses = state.witnesses.filter(({ ended_at }) => !ended_at);
  const signed = log.checkpoint;
  const behind =
    signed !== null &&
    signed !== undefined &&
    log.size > signed.size &&
    now - Date.parse(signed.signed_at) > SIGN_MS;
  const alarms: Partial<Record<Reason, boolean>> = {
    halted: Boolean(log.halted),
    rejected: log.rejected > 0,
    dispute: witnesses.some(({ disputed_at }) => disputed_at),
    copy_different: copies?.failure === 'different',
    copy_late: copies?.late === true && copies.failure !== 'different',
    clock_wrong: clock.quality === 'wrong',
  };
  const cares: Partial<Record<Reason, boolean>> = {
    sealing_late: log.unsealed > 0 && log.lag_seconds > SEAL_SECONDS,
    signing_late: behind && !log.halted,
    few_places: placesOf(state) < PLACES,
    witness_late: witnesses.some(({ late, disputed_at }) => late && !disputed_at),
    clock_off: clock.quality === 'off',
  };
  const reasons = [...found(alarms, true), ...found(cares, false)];
  if (reasons.some(({ alarm }) => alarm)) return { level: 'alarm', reasons };
  return { level: reasons.length > 0 ? 'watch' : 'good', reasons };
}

function found(marks: Partial<Record<Reason, boolean>>, alarm: boolean): Verdict['reasons'] {
  return (Object.keys(marks) as Reason[]).filter((code) => marks[code]).map((code) => ({ code, alarm }));
}
