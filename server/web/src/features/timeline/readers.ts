import type { Channel, Patient, StaffMember, TeamMember } from '#api/types.ts';

/** Who reads what is written about one person: the server says whom, the care team says their names. */
export class Readers {
  readonly #patient: Patient | null;
  readonly #team: readonly TeamMember[];

  constructor(patient: Patient | null, team: readonly TeamMember[]) {
    this.#patient = patient;
    this.#team = team;
  }

  count(channel: string): number {
    return this.#ids(channel).length;
  }

  people(channel: string): StaffMember[] {
    const ids = this.#ids(channel);
    return this.#team
      .filter((member) => member.active && ids.includes(member.staff_member.id))
      .map((member) => member.staff_member);
  }

  #ids(channel: string): readonly string[] {
    return this.#patient?.readers.find((entry) => entry.channel === channel)?.staff_member_ids ?? [];
  }
}

/** The channels this app can write to, of those that the server allows. */
export function writable(codes: readonly string[]): Channel[] {
  return (['team', 'medical'] as const).filter((channel) => codes.includes(channel));
}
