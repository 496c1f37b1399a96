import type { TeamMember } from '#api/types.ts';
import { professionOrder } from '#ui/professions.ts';

/** By profession, then by kana: the same order wherever a team is shown. */
export function inOrder(members: readonly TeamMember[]): TeamMember[] {
  const rank = (member: TeamMember) => professionOrder.indexOf(member.staff_member.profession);
  return members.toSorted(
    (a, b) => rank(a) - rank(b) || a.staff_member.kana.localeCompare(b.staff_member.kana, 'ja'),
  );
}
