/** The current state. Importing it is enough. */
import { addTexts } from '../index.svelte.ts';
import { factTexts } from '../ja/facts.ts';

addTexts(factTexts);
