import '#i18n/parts/appointments.ts';
import { get, list, post } from '#api/call.ts';
import { outbox } from '#api/outbox.svelte.ts';
import { uuidv7 } from '#api/uuid.ts';
import { addDays } from '#ui/format/dates.ts';
import type {
  Appointment,
  Calendar,
  Feed,
  NewFeed,
  Occurrence,
  Overlap,
  Plan,
  Scope,
  Version,
} from './types.ts';

/** Where entries without a patient wait. */
const OWN = 'appointments';

/** Seven days from `from`. */
export function listOwn(from: string): Promise<Calendar> {
  return get('/v1/appointments', { from, to: addDays(from, 6) });
}

export function listOfPatient(patientId: string, from: string, days: number): Promise<Calendar> {
  return get(`/v1/patients/${patientId}/appointments`, { from, to: addDays(from, days - 1) });
}

export function findAppointment(id: string): Promise<Appointment> {
  return get(`/v1/appointments/${id}`);
}

export function listVersions(id: string): Promise<Version[]> {
  return list(`/v1/appointments/${id}/versions`);
}

/** What else the people of this appointment have at its times. Without signal nobody is asked. */
export async function findOverlaps(plan: Plan, appointmentId?: string): Promise<Overlap[]> {
  const body = { plan, appointment_id: appointmentId };
  return (await post<{ items: Overlap[] }>('/v1/appointments/overlaps', body)).items;
}

/** Whoever is to be in two places has been asked by then. */
export function createAppointment(patientId: string | null, plan: Plan): Promise<void> {
  const id = uuidv7();
  const body = { id, patient_id: patientId, plan, accept_overlap: true };
  const queue = patientId ?? OWN;
  return outbox.add({ id, queue, kind: 'appointment', method: 'POST', path: '/v1/appointments', body });
}

export function amendAppointment(
  of: Pick<Occurrence, 'appointment_id' | 'version' | 'on' | 'patient'>,
  scope: Scope,
  plan: Plan,
  reason: string,
): Promise<void> {
  const body = { scope, on: of.on, new_id: uuidv7(), plan, reason, accept_overlap: true };
  return change(of, 'amend', body);
}

export function cancelAppointment(of: Occurrence, scope: Scope, reason: string): Promise<void> {
  return change(of, 'cancel', { scope, on: of.on, reason });
}

function change(
  of: Pick<Occurrence, 'appointment_id' | 'version' | 'patient'>,
  verb: 'amend' | 'cancel',
  body: unknown,
): Promise<void> {
  return outbox.add({
    id: uuidv7(),
    queue: of.patient?.id ?? OWN,
    kind: 'appointment',
    method: 'POST',
    path: `/v1/appointments/${of.appointment_id}/${verb}`,
    body,
    ifMatch: String(of.version),
  });
}

export function listFeeds(): Promise<Feed[]> {
  return list('/v1/calendar-feeds');
}

export function createFeed(): Promise<NewFeed> {
  return post('/v1/calendar-feeds', { id: uuidv7() });
}

export function revokeFeed(id: string): Promise<void> {
  return post(`/v1/calendar-feeds/${id}/revoke`);
}
