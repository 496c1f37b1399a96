/** The access log. Importing it is enough. */
import { addTexts } from '../index.svelte.ts';
import { logTexts } from '../ja/log.ts';

addTexts(logTexts);
