import type { TeamMember } from '#api/types.ts';
import { byProfession } from '#ui/professions.ts';

export function inOrder(members: readonly TeamMember[]): TeamMember[] {
  return members.toSorted((a, b) => byProfession(a.staff_member, b.staff_member));
}
