/** Whom a request goes to, in words. */
import { label, m } from '#i18n/index.svelte.ts';

interface Asked {
  of: {
    name?: string | null;
    profession?: string | null;
    facility_name?: string | null;
  };
}

export function whomOf(ask: Asked): string {
  const { name, profession, facility_name } = ask.of;
  if (name) return name;
  return m.asks.any(facility_name ?? (profession ? label(m.professions, profession) : ''));
}
