/** Copies of records, and own entries. Importing it is enough. */
import { addTexts } from '../index.svelte.ts';
import { recordExportTexts } from '../ja/record-exports.ts';

addTexts(recordExportTexts);
