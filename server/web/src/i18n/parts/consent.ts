/** Consent, provisions, cards, relatives. Importing it is enough. */
import { addTexts } from '../index.svelte.ts';
import { cardTexts } from '../ja/cards.ts';
import { consentTexts } from '../ja/consent.ts';

addTexts({ ...cardTexts, ...consentTexts });
