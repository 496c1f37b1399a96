/** What auditors ask people about their own accesses. Importing it is enough. */
import { addTexts } from '../index.svelte.ts';
import { justificationTexts } from '../ja/justifications.ts';

addTexts(justificationTexts);
