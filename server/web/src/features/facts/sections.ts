/** The sections of the page, in the order of a home visit. */
import { m } from '#i18n/index.svelte.ts';

export interface Section {
  key: keyof typeof m.facts.sections;
  kinds: readonly string[];
}

export const sections: readonly Section[] = [
  { key: 'caution', kinds: ['allergy', 'infection'] },
  { key: 'device', kinds: ['device'] },
  { key: 'medicine', kinds: ['medicine'] },
  { key: 'problem', kinds: ['problem'] },
  { key: 'adl', kinds: ['adl', 'barthel', 'disability_level', 'dementia_level'] },
  { key: 'diet', kinds: ['diet'] },
  { key: 'injury', kinds: ['pressure_injury'] },
  { key: 'wishes', kinds: ['wishes'] },
  { key: 'contact', kinds: ['contact'] },
  { key: 'service', kinds: ['service'] },
];
