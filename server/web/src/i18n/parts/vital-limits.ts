/** When somebody is told of vital signs. Importing it is enough. */
import { addTexts } from '../index.svelte.ts';
import { vitalLimitTexts } from '../ja/vital-limits.ts';

addTexts(vitalLimitTexts);
