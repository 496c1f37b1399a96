/** The console of people, with joining and leaving. Importing it is enough. */
import { addTexts } from '../index.svelte.ts';
import { peopleTexts } from '../ja/people.ts';
import { joiningTexts } from '../ja/joining.ts';

addTexts({ ...peopleTexts, ...joiningTexts });
