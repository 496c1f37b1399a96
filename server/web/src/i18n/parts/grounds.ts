/** Substitutes, explanations, the table of rights. Importing it is enough. */
import { addTexts } from '../index.svelte.ts';
import { groundsTexts } from '../ja/grounds.ts';

addTexts({ ...groundsTexts });
