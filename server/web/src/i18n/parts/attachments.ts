/** Attached files. Importing it is enough. */
import { addTexts } from '../index.svelte.ts';
import { attachmentTexts } from '../ja/attachments.ts';

addTexts(attachmentTexts);
