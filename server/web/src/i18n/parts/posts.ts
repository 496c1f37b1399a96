/** What posts are beside their text. Importing it is enough. */
import { addTexts } from '../index.svelte.ts';
import { postTexts } from '../ja/posts.ts';

addTexts(postTexts);
