/** Who has looked, for patients and families. Importing it is enough. */
import { addTexts } from '../index.svelte.ts';
import { accessesTexts } from '../ja/accesses.ts';

addTexts(accessesTexts);
