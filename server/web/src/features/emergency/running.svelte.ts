/**
 * The emergency accesses that run in this tab. They outlive a reload, because the first call of the page must say
 * its purpose before the server can tell on what ground it answers; they hold numbers only, no names.
 */
import { cache } from '#api/cache.ts';
import { api } from '#api/client.ts';
import { underEmergency } from '#api/purpose.ts';
import { session } from '#api/session.svelte.ts';
import { minutesLeft } from './remaining.ts';

interface Running {
  id: string;
  expires_at: string;
  account: string;
}

const KEY = 'tsumugi.emergency';

class RunningEmergencies {
  #running = $state.raw<Readonly<Record<string, Running>>>({});
  /** The patient whose page was open last: what is opened from there is about the same patient. */
  #last: string | null = null;

  constructor() {
    if (typeof sessionStorage === 'undefined') return;
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Record<string, Running>;
    for (const [patient, running] of Object.entries(kept))
      if (minutesLeft(running.expires_at, Date.now()) !== null) this.#set(patient, running);
  }

  of(patientId: string): { id: string; expires_at: string } | null {
    const running = this.#running[patientId];
    const mine = running && (session.me === null || running.account === session.me.account_id);
    return mine ? running : null;
  }

  begin(patientId: string, access: { id: string; expires_at: string }): void {
    const { id, expires_at } = access;
    this.#set(patientId, { id, expires_at, account: session.me?.account_id ?? '' });
  }

  end(patientId: string): void {
    this.#running = Object.fromEntries(
      Object.entries(this.#running).filter(([patient]) => patient !== patientId),
    );
    underEmergency(patientId, false);
    this.#keep();
    // What was read in the emergency does not stay on the device.
    void cache.forget(`patient:${patientId}`).catch(() => undefined);
  }

  /** Posts and documents are named without their patient: on the patient's page they have the patient's purpose. */
  opened(patientId: string): void {
    this.#last = patientId;
    // Left behind by another person in this tab: it is not this one's.
    if (this.#running[patientId] && this.of(patientId) === null) this.end(patientId);
  }

  purposeFor(path: string, page: string): string | null {
    if (!/^\/v1\/(posts|documents)\//.test(path)) return null;
    const patient =
      /^\/patients\/([0-9a-f-]{36})/i.exec(page)?.[1] ?? (page.startsWith('/documents/') ? this.#last : null);
    return patient !== null && this.of(patient) !== null ? 'ETREAT' : null;
  }

  #set(patientId: string, running: Running): void {
    this.#running = { ...this.#running, [patientId]: running };
    underEmergency(patientId, true);
    this.#keep();
  }

  #keep(): void {
    sessionStorage.setItem(KEY, JSON.stringify(this.#running));
  }
}

export const running = new RunningEmergencies();

api.use({
  onRequest({ request }) {
    const purpose = running.purposeFor(new URL(request.url).pathname, location.pathname);
    if (purpose) request.headers.set('Tsumugi-Purpose', purpose);
    return request;
  },
});
