/** The Japanese texts, and by their type the list of texts that every language must have. */
import { accessTexts } from './access.ts';
import { care } from './care.ts';
import { consentTexts } from './consent.ts';
import { consoles } from './consoles.ts';
import { common } from './common.ts';
import { deviceTexts } from './devices.ts';
import { identity } from './identity.ts';
import { peopleTexts } from './people.ts';
import { terms } from './terms.ts';

export const ja = {
  ...common,
  ...terms,
  ...care,
  ...consoles,
  ...identity,
  ...deviceTexts,
  ...peopleTexts,
  ...consentTexts,
  ...accessTexts,
};

export type Messages = typeof ja;
