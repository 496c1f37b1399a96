/** The proof of the access log. Importing it is enough. */
import { addTexts } from '../index.svelte.ts';
import { logProofTexts } from '../ja/log-proof.ts';

addTexts(logProofTexts);
