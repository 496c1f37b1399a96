/** The state of a witness in words: what it is, and what to do. */
import type { Witness } from '#api/proof.types.ts';
import { label, m } from '#i18n/index.svelte.ts';
import { dateTimeOf } from '#ui/format/dates.ts';
import { countOf } from '#ui/format/numbers.ts';

export interface Standing {
  tone: 'done' | 'urgent' | 'watch' | 'plain';
  text: string;
  todo: string | null;
}

type Todo = 'alarm' | 'ask' | 'wait' | 'keys' | 'operations';

const todos: Readonly<Record<string, Todo>> = {
  ahead: 'alarm',
  inconsistent: 'alarm',
  unknown_log: 'ask',
  other_key: 'ask',
  odd_answer: 'keys',
  address_not_allowed: 'operations',
};

export function standingOf(witness: Witness): Standing {
  const { witnessed, kind } = witness;
  if (witness.ended_at) {
    return { tone: 'plain', text: m.witnesses.states.ended(dateTimeOf(witness.ended_at)), todo: null };
  }
  if (witness.disputed_at) {
    const text = label(m.witnesses.failures, witness.dispute ?? 'inconsistent');
    return { tone: 'urgent', text, todo: m.witnesses.todos.alarm };
  }
  if (witness.failure) {
    const todo = todos[witness.failure] ?? 'wait';
    const text = label(m.witnesses.failures, witness.failure);
    return { tone: todo === 'alarm' ? 'urgent' : 'watch', text, todo: m.witnesses.todos[todo] };
  }
  if (witness.late) {
    const text = kind === 'mail' ? m.witnesses.states.lateMail : m.witnesses.states.late;
    return { tone: 'watch', text, todo: m.witnesses.todos.wait };
  }
  if (!witnessed) return { tone: 'plain', text: m.witnesses.states.never, todo: null };
  const say = kind === 'mail' ? m.witnesses.states.mailed : m.witnesses.states.good;
  return { tone: 'done', text: say(countOf(witnessed.size), dateTimeOf(witnessed.at)), todo: null };
}
