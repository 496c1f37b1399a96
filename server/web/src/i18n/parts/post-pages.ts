/** Wounds, approvals and templates of posts. Importing it is enough. */
import { addTexts } from '../index.svelte.ts';
import { postPageTexts } from '../ja/post-pages.ts';

addTexts(postPageTexts);
