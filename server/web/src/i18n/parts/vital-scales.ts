/** The scales of vital signs. Importing it is enough. */
import { addTexts } from '../index.svelte.ts';
import { vitalScaleTexts } from '../ja/vital-scales.ts';

addTexts(vitalScaleTexts);
