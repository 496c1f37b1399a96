import type { Channel, StaffMember, TeamMember } from '#api/types.ts';
import { isMedical } from '#ui/professions.ts';

/** Who reads what is written to a channel: the team of today, or its medical professions. */
export function readersOf(team: readonly TeamMember[], channel: string): StaffMember[] {
  return team
    .filter((member) => member.active && (channel === 'team' || isMedical(member.staff_member.profession)))
    .map((member) => member.staff_member);
}

/** The channels this app can write to, of those that the server allows. */
export function writable(codes: readonly string[]): Channel[] {
  return (['team', 'medical'] as const).filter((channel) => codes.includes(channel));
}
