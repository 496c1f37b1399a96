/** Why this person opens records: every call says so, and the log keeps it (HL7 PurposeOfUse). */
import type { Me } from './identity.types.ts';

const byRole: Readonly<Record<string, string>> = {
  staff: 'TREAT',
  network_administrator: 'HSYSADMIN',
  support: 'HSYSADMIN',
  auditor: 'HCOMPL',
  patient: 'PATRQT',
  family: 'FAMRQT',
};

const emergencies = new Set<string>();

/** While a patient is open by emergency access, calls about that patient say ETREAT. */
export function underEmergency(patientId: string, yes: boolean): void {
  if (yes) emergencies.add(patientId);
  else emergencies.delete(patientId);
}

export function purposeOf(me: Me | null, path = ''): string {
  const patient = /\/patients\/([0-9a-f-]{36})/i.exec(path)?.[1];
  if (patient !== undefined && emergencies.has(patient.toLowerCase())) return 'ETREAT';
  return me?.purposes[0] ?? byRole[me?.role ?? 'staff'] ?? 'TREAT';
}
