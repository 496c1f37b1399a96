/** Holds, incident reports and withholdings. Importing it is enough. */
import { addTexts } from '../index.svelte.ts';
import { safekeepingTexts } from '../ja/safekeeping.ts';

addTexts(safekeepingTexts);
