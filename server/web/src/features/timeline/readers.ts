import { byProfession } from '#ui/professions.ts';
import type { PostChannel } from '#api/access.types.ts';
import type { Patient, Post, StaffMember, TeamMember } from '#api/types.ts';

/** Who reads what is written about one person: the server says whom, the care team says their names. */
export class Readers {
  readonly #patient: Patient | null;
  readonly #active: readonly StaffMember[];

  constructor(patient: Patient | null, team: readonly TeamMember[]) {
    this.#patient = patient;
    this.#active = team
      .filter((member) => member.active)
      .map((member) => member.staff_member)
      .toSorted(byProfession);
  }

  count(channel: string): number {
    return this.#ids(channel).length;
  }

  people(channel: string): StaffMember[] {
    const ids = this.#ids(channel);
    return this.#active.filter((person) => ids.includes(person.id));
  }

  /** Those of `ids` who are on the team. */
  of(ids: readonly string[]): StaffMember[] {
    return this.#active.filter((person) => ids.includes(person.id));
  }

  /** Members of the team who read a post: on the channel for named people they and its author. */
  ofPost(post: Post): StaffMember[] {
    if (post.channel !== 'named') return this.people(post.channel);
    return this.of([post.author.id, ...post.recipients.map((one) => one.staff_member_id)]);
  }

  /** Members of the team who do not read the channel. */
  others(channel: string): StaffMember[] {
    const ids = this.#ids(channel);
    return ids.length === 0 ? [] : this.#active.filter((person) => !ids.includes(person.id));
  }

  #ids(channel: string): readonly string[] {
    return (this.#patient?.readers ?? []).find((entry) => entry.channel === channel)?.staff_member_ids ?? [];
  }
}

/** The channels that this app knows, in the order in which they are offered. */
export const channels: readonly PostChannel[] = ['team', 'medical', 'family', 'sensitive', 'named'];

/** The channels this app can write to, of those that the server allows. */
export function writable(codes: readonly string[]): PostChannel[] {
  return channels.filter((channel) => codes.includes(channel));
}
