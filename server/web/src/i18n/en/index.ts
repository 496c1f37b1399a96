/** The English texts: the same keys, held by the type. */
import type { Messages } from '../ja/index.ts';
import { accessTexts } from './access.ts';
import { accessesTexts } from './accesses.ts';
import { appointmentTexts } from './appointments.ts';
import { care } from './care.ts';
import { attachmentTexts } from './attachments.ts';
import { cardTexts } from './cards.ts';
import { consentTexts } from './consent.ts';
import { consoles } from './consoles.ts';
import { common } from './common.ts';
import { deviceTexts } from './devices.ts';
import { factTexts } from './facts.ts';
import { findingRuleTexts } from './finding-rules.ts';
import { findingTexts } from './findings.ts';
import { groundsTexts } from './grounds.ts';
import { identity } from './identity.ts';
import { informationTexts } from './information.ts';
import { joiningTexts } from './joining.ts';
import { justificationTexts } from './justifications.ts';
import { logTexts } from './log.ts';
import { logProofTexts } from './log-proof.ts';
import { noticeTexts } from './notices.ts';
import { peopleTexts } from './people.ts';
import { recordExportTexts } from './record-exports.ts';
import { postPageTexts } from './post-pages.ts';
import { postTexts } from './posts.ts';
import { roomTexts } from './rooms.ts';
import { safekeepingTexts } from './safekeeping.ts';
import { searchTexts } from './search.ts';
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
  ...attachmentTexts,
  ...postPageTexts,
  ...postTexts,
  ...cardTexts,
  ...consentTexts,
  ...logTexts,
  ...factTexts,
  ...findingRuleTexts,
  ...findingTexts,
  ...justificationTexts,
  ...logProofTexts,
  ...recordExportTexts,
  ...roomTexts,
  ...safekeepingTexts,
  ...searchTexts,
  ...vitalLimitTexts,
  ...vitalScaleTexts,
  ...groundsTexts,
  ...accessTexts,
  ...accessesTexts,
  ...appointmentTexts,
  ...informationTexts,
  ...noticeTexts,
  ...joiningTexts,
};
