/** The English texts: the same keys, held by the type. */
import type { Messages } from '../ja/index.ts';
import { accessTexts } from './access.ts';
import { accessesTexts } from './accesses.ts';
import { care } from './care.ts';
import { cardTexts } from './cards.ts';
import { consentTexts } from './consent.ts';
import { consoles } from './consoles.ts';
import { common } from './common.ts';
import { deviceTexts } from './devices.ts';
import { findingRuleTexts } from './finding-rules.ts';
import { findingTexts } from './findings.ts';
import { groundsTexts } from './grounds.ts';
import { identity } from './identity.ts';
import { informationTexts } from './information.ts';
import { joiningTexts } from './joining.ts';
import { justificationTexts } from './justifications.ts';
import { logTexts } from './log.ts';
import { logProofTexts } from './log-proof.ts';
import { peopleTexts } from './people.ts';
import { roomTexts } from './rooms.ts';
import { safekeepingTexts } from './safekeeping.ts';
import { terms } from './terms.ts';
import { vitalLimitTexts } from './vital-limits.ts';
import { vitalScaleTexts } from './vital-scales.ts';

export const en: Messages = {
  ...common,
  ...terms,
  ...care,
  ...consoles,
  ...identity,
  ...deviceTexts,
  ...peopleTexts,
  ...cardTexts,
  ...consentTexts,
  ...logTexts,
  ...findingRuleTexts,
  ...findingTexts,
  ...justificationTexts,
  ...logProofTexts,
  ...roomTexts,
  ...safekeepingTexts,
  ...vitalLimitTexts,
  ...vitalScaleTexts,
  ...groundsTexts,
  ...accessTexts,
  ...accessesTexts,
  ...informationTexts,
  ...joiningTexts,
};
