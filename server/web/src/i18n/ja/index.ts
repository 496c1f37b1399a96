/**
 * The Japanese texts, and by their type the list of texts that every language must have. What only some pages need
 * comes with them, by `../parts`.
 */
import { accessTexts } from './access.ts';
import type { attachmentTexts } from './attachments.ts';
import type { accessesTexts } from './accesses.ts';
import type { appointmentTexts } from './appointments.ts';
import { care } from './care.ts';
import type { cardTexts } from './cards.ts';
import type { consentTexts } from './consent.ts';
import { consoles } from './consoles.ts';
import { common } from './common.ts';
import { deviceTexts } from './devices.ts';
import { identity } from './identity.ts';
import { informationTexts } from './information.ts';
import type { factTexts } from './facts.ts';
import type { findingRuleTexts } from './finding-rules.ts';
import type { findingTexts } from './findings.ts';
import type { groundsTexts } from './grounds.ts';
import type { joiningTexts } from './joining.ts';
import type { justificationTexts } from './justifications.ts';
import type { logTexts } from './log.ts';
import type { logProofTexts } from './log-proof.ts';
import { noticeTexts } from './notices.ts';
import type { peopleTexts } from './people.ts';
import type { recordExportTexts } from './record-exports.ts';
import type { postPageTexts } from './post-pages.ts';
import type { postTexts } from './posts.ts';
import type { roomTexts } from './rooms.ts';
import type { safekeepingTexts } from './safekeeping.ts';
import type { searchTexts } from './search.ts';
import { terms } from './terms.ts';
import type { vitalLimitTexts } from './vital-limits.ts';
import type { vitalScaleTexts } from './vital-scales.ts';

export const ja = {
  ...common,
  ...terms,
  ...care,
  ...consoles,
  ...identity,
  ...deviceTexts,
  ...accessTexts,
  ...informationTexts,
  ...noticeTexts,
};

export type Messages = typeof ja &
  typeof accessesTexts &
  typeof appointmentTexts &
  typeof attachmentTexts &
  typeof cardTexts &
  typeof factTexts &
  typeof findingRuleTexts &
  typeof findingTexts &
  typeof justificationTexts &
  typeof logTexts &
  typeof logProofTexts &
  typeof consentTexts &
  typeof groundsTexts &
  typeof joiningTexts &
  typeof peopleTexts &
  typeof recordExportTexts &
  typeof postPageTexts &
  typeof postTexts &
  typeof roomTexts &
  typeof safekeepingTexts &
  typeof searchTexts &
  typeof vitalLimitTexts &
  typeof vitalScaleTexts;
