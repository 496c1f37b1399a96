/** What the page of one person has read, and how it follows what happens. */
import type { AccessiblePatient } from '#api/access.types.ts';
import { onServerEvent, type ServerEvent } from '#api/events.ts';
import { outbox } from '#api/outbox.svelte.ts';
import { Resource } from '#api/resource.svelte.ts';
import type { TeamMember, VitalsItem } from '#api/types.ts';
import { listCareTeam } from '#features/care-team/queries.ts';
import { listFacts, queueOf } from '#features/facts/queries.ts';
import type { FactList } from '#features/facts/types.ts';
import { findPatient } from '#features/patients/queries.ts';
import { Timeline } from '#features/timeline/timeline.svelte.ts';
import { listVitals, RECENT } from '#features/vitals/queries.ts';

export class PatientRecord {
  readonly #id: string;
  readonly patient: Resource<AccessiblePatient>;
  readonly team: Resource<TeamMember[]>;
  readonly vitals: Resource<VitalsItem[]>;
  readonly facts: Resource<FactList>;
  readonly posts: Timeline;

  constructor(id: string) {
    this.#id = id;
    this.patient = new Resource(`patient:${id}`, () => findPatient(id));
    this.team = new Resource(`patient:${id}:team`, () => listCareTeam(id));
    this.vitals = new Resource(`patient:${id}:vitals`, () => listVitals(id, RECENT));
    this.facts = new Resource(`patient:${id}:facts`, () => listFacts(id));
    this.posts = new Timeline(id);
  }

  /** Reads everything, and goes to the post that somebody came for. */
  async load(sought?: string): Promise<void> {
    for (const part of [this.patient, this.team, this.vitals, this.facts]) void part.load();
    await this.posts.load();
    if (sought) await this.posts.reach(sought);
  }

  refresh(): void {
    for (const part of [this.patient, this.team, this.vitals, this.facts, this.posts]) void part.refresh();
  }

  /** Until the answer is called. */
  follow(): () => void {
    const stops = [
      onServerEvent((event) => this.#told(event)),
      outbox.onSent(({ entry }) => {
        if (entry.queue === this.#id && entry.kind === 'post') void this.vitals.refresh();
        if (entry.queue === queueOf(this.#id)) void this.facts.refresh();
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }

  #told(event: ServerEvent): void {
    const all = event.type === 'resumed';
    if (!all && event.patientId !== this.#id) return;
    if (all || event.type === 'facts_changed') void this.facts.refresh();
    if (!['post_acknowledged', 'facts_changed'].includes(event.type)) void this.vitals.refresh();
    if (all || event.type.startsWith('care_team') || event.type.startsWith('consent')) {
      void this.team.refresh();
      void this.patient.refresh();
    }
  }
}
