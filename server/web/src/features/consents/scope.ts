/** How far a consent goes, in the words in which it is asked for: to whom, what, until when. */
import '#i18n/parts/consent.ts';
import type { Consent, ConsentScope } from '#api/access.types.ts';
import { label, m } from '#i18n/index.svelte.ts';
import { fullDayOf, today } from '#ui/format/dates.ts';

/** Groups that are people outside the care team: the consent names them as readers. */
const outside = ['FM', 'PT'];

export function whomOf(scope: ConsentScope): string[] {
  if (scope.facilities?.length === 0 || scope.profession_groups?.length === 0) return [m.consents.nobody];
  const where = scope.facilities
    ? m.marks.list(scope.facilities.map(({ name }) => name))
    : m.consents.allFacilities;
  const who = scope.profession_groups ? groups(scope.profession_groups) : m.consents.allProfessions;
  const others = (scope.separate ?? []).filter((group) => outside.includes(group));
  const lines = [m.consents.among(who, where)];
  return others.length > 0 ? [...lines, m.consents.plus(groups(others))] : lines;
}

export function whatOf(scope: ConsentScope): string[] {
  const sensitive = (scope.sensitive ?? []).map((subject) => label(m.sensitivities, subject));
  const separate = (scope.separate ?? []).filter((group) => !outside.includes(group));
  const all = sensitive.length > 0 ? m.consents.allKindsAnd : m.consents.allKinds;
  const chosen = scope.kinds?.map((kind) => label(m.kinds, kind));
  const kinds = chosen?.length === 0 ? m.consents.nothing : chosen ? m.marks.list(chosen) : all;
  return [
    kinds,
    ...(sensitive.length > 0 ? [m.consents.sensitiveAdded(m.marks.list(sensitive))] : []),
    ...(separate.length > 0 ? [m.consents.separateAdded(groups(separate))] : []),
  ];
}

export function untilOf(scope: ConsentScope): string {
  return scope.valid_until ? m.consents.untilDay(fullDayOf(scope.valid_until)) : m.consents.untilWithdrawn;
}

export type ConsentState = 'standing' | 'withdrawn' | 'expired';

/** The last day still counts. */
export function stateOf(consent: Consent, on: string = today()): ConsentState {
  if (consent.withdrawn_at) return 'withdrawn';
  if (consent.valid_until && consent.valid_until < on) return 'expired';
  return 'standing';
}

/** What stands first, then the newest. */
export function inOrder(consents: readonly Consent[]): Consent[] {
  const rank = (consent: Consent) => (stateOf(consent) === 'standing' ? 0 : 1);
  return consents.toSorted(
    (a, b) => rank(a) - rank(b) || (a.granted_on < b.granted_on ? 1 : a.granted_on > b.granted_on ? -1 : 0),
  );
}

function groups(codes: readonly string[]): string {
  return m.marks.list(codes.map((code) => label(m.professionGroups, code)));
}
