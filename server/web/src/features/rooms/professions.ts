import { professionOrder } from '#ui/professions.ts';

/** Those who are in rooms by post: not patients and families, nor who administers or supervises a network. */
export const staffProfessions: readonly string[] = professionOrder.filter(
  (code) => !['administrator', 'auditor', 'family', 'patient', 'support'].includes(code),
);
