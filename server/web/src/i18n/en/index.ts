/** The English texts: the same keys, held by the type. */
import type { Messages } from '../ja/index.ts';
import { care } from './care.ts';
import { consoles } from './consoles.ts';
import { common } from './common.ts';
import { terms } from './terms.ts';

export const en: Messages = { ...common, ...terms, ...care, ...consoles };
