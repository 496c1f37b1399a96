/** The Japanese texts, and by their type the list of texts that every language must have. */
import { care } from './care.ts';
import { consoles } from './consoles.ts';
import { common } from './common.ts';
import { terms } from './terms.ts';

export const ja = { ...common, ...terms, ...care, ...consoles };

export type Messages = typeof ja;
