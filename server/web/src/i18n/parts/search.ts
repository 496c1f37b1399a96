/** Looking for words. Importing it is enough. */
import { addTexts } from '../index.svelte.ts';
import { searchTexts } from '../ja/search.ts';

addTexts(searchTexts);
