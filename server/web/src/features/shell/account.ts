import type { Me } from '#api/identity.types.ts';

/** The seal beside one's own name: the profession, or the duty of those who have none. */
export function professionOf(me: Me): string {
  const duties: readonly string[] = ['auditor', 'patient', 'family', 'support'];
  return me.staff_member?.profession ?? (duties.includes(me.role) ? me.role : 'administrator');
}

/** On a phone the bar with one's name is there only when it is needed: to hand over, or to change the post. */
export function needsBar(me: Me): boolean {
  return me.device?.kind === 'shared' || me.posts.length > 1;
}
