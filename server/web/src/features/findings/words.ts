/** What a finding is about, in words and in order. */
import type { Finding, FindingDetail } from '#api/findings.types.ts';
import { label, m } from '#i18n/index.svelte.ts';
import { addDays, today } from '#ui/format/dates.ts';

/** Those rules that an administrator of the review may tune; `by_hand` is none. */
export const RULE_CODES = [
  'same_surname',
  'same_address',
  'own_family',
  'watched_patient',
  'no_relation',
  'emergency_unreviewed',
  'unusual_hour',
  'many_patients',
  'after_membership',
  'repeated_denials',
  'by_hand',
] as const;

const UNFINISHED = ['open', 'assigned', 'asked', 'answered'];

export function isUnfinished(finding: Finding): boolean {
  return UNFINISHED.includes(finding.state);
}

/** The person, or what stands in place of one. */
export function whomOf(finding: Finding): string {
  if (finding.person) return finding.person.name;
  if (finding.system) return m.findings.system(finding.system.name);
  if (finding.account) return m.findings.account(finding.account.login_name);
  if (finding.source_ip) return m.findings.source(finding.source_ip);
  return m.findings.nobody;
}

export function patientOf(finding: Finding): string | null {
  if (finding.patient) return m.findings.patient(finding.patient.name);
  return finding.rule === 'many_patients' ? m.findings.patients : null;
}

export function reasonsOf(finding: Finding): string {
  return m.marks.list(finding.reasons.map((reason) => label(m.findings.reasons, reason)));
}

/** The question that nobody has answered yet and that still wants an answer. */
export function pendingQuestion(finding: FindingDetail) {
  return finding.justifications.find((asked) => !asked.answered_at && !asked.ended_at) ?? null;
}

export interface Acts {
  take: boolean;
  assign: boolean;
  ask: boolean;
  close: boolean;
  reopen: boolean;
  emergency: boolean;
}

/** What this auditor may do now; the server decides again. */
export function actsOf(finding: FindingDetail, me: string | null): Acts {
  const going = isUnfinished(finding) && !finding.about_caller;
  const emergency = finding.rule === 'emergency_unreviewed';
  return {
    take: going && me !== null && finding.assigned_to?.staff_member_id !== me,
    assign: going,
    ask: going && Boolean(finding.person) && pendingQuestion(finding) === null,
    close: going && !emergency,
    reopen: finding.state === 'closed' && !finding.about_caller && !emergency,
    emergency: emergency && isUnfinished(finding),
  };
}

/** `2026-11` */
export function monthOf(day: string): string {
  return day.slice(0, 7);
}

export function monthBefore(month: string): string {
  return monthOf(addDays(`${month}-01`, -1));
}

export function monthAfter(month: string): string {
  return monthOf(addDays(`${month}-01`, 31));
}

export function daysOf(month: string): { from: string; to: string } {
  return { from: `${month}-01`, to: addDays(`${monthAfter(month)}-01`, -1) };
}

/** This month and those before, the newest first. */
export function lastMonths(count: number, now: string = today()): string[] {
  const months = [monthOf(now)];
  while (months.length < count) months.push(monthBefore(months.at(-1) ?? monthOf(now)));
  return months;
}

export function monthName(month: string): string {
  const [year = '', number = ''] = month.split('-');
  return m.findings.monthName(year, String(Number(number)));
}

/** Findings of one rule about one person and day beside each other: a round through many records is one story. */
export function groupsOf(findings: readonly Finding[]): Finding[][] {
  const groups: Finding[][] = [];
  for (const finding of findings) {
    const last = groups.at(-1)?.[0];
    const same =
      finding.person &&
      last?.person?.person_id === finding.person.person_id &&
      last.rule === finding.rule &&
      last.day === finding.day &&
      last.state === finding.state;
    if (same) groups.at(-1)?.push(finding);
    else groups.push([finding]);
  }
  return groups;
}
