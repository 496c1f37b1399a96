/** Codes of the log in words. */
import { label, locale, m } from '#i18n/index.svelte.ts';
import { dateTimeOf, dayOf, timeOf } from '#ui/format/dates.ts';
import type { Filter, FilterKey } from './filter.ts';

/** What was done. The server's own Japanese is used for what is newer than this app. */
export function actionWord(code: string, japanese?: string): string {
  const known: Record<string, string> = m.accessLog.actions;
  return known[code] ?? (locale.language === 'ja' && japanese ? japanese : code);
}

/** A condition of the filter as its chip says it; `name` is that of a thing that is known by its id. */
export function conditionOf(filter: Filter, key: FilterKey, name: string | undefined): string {
  const value = filter[key] ?? '';
  const { filter: words, row } = m.accessLog;
  const named = (title: string) => m.marks.pair(title, name ?? words.unknown);
  const said = (title: string, text: string) => m.marks.pair(title, text);
  const conditions: Record<FilterKey, () => string> = {
    patient_id: () => named(words.patient),
    account_id: () => named(words.person),
    staff_member_id: () => named(words.person),
    facility_id: () => named(words.facility),
    client_id: () => named(words.client),
    device_id: () => named(words.device),
    session_id: () => row.session,
    profession: () => said(words.profession, label(m.professions, value)),
    action: () => said(words.action, actionWord(value)),
    purpose: () => said(words.purpose, label(m.accessLog.purposes, value)),
    ground: () => said(words.ground, label(m.accessLog.grounds, value)),
    outcome: () => said(words.outcome, label(m.accessLog.outcomes, value)),
    code: () => said(words.code, value),
    actor: () => said(words.actor, label(m.accessLog.actors, value)),
    source_ip: () => said(words.source, value),
    emergency: () => words.emergencyOnly,
    searched: () => said(words.searched, value),
    from: () => spanWords(filter),
    to: () => spanWords(filter),
  };
  return conditions[key]();
}

/** 11月1日(日)〜11月30日(月), or one day, or hours of a day. */
function spanWords({ from, to }: Filter): string {
  const { filter } = m.accessLog;
  const word = (value: string) => (value.length === 10 ? dayOf(value) : dateTimeOf(value));
  if (from && to && from.length > 10 && to.length > 10 && dayOf(from) === dayOf(to))
    return `${dayOf(from)} ${filter.span(timeOf(from), timeOf(to))}`;
  if (from && to) return from === to ? word(from) : filter.span(word(from), word(to));
  return from ? filter.since(word(from)) : filter.until(word(to ?? ''));
}
