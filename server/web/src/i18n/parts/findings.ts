/** What was found in the access log, and its review; with the words for what was done. Importing it is enough. */
import { addTexts } from '../index.svelte.ts';
import { findingRuleTexts } from '../ja/finding-rules.ts';
import { findingTexts } from '../ja/findings.ts';
import { logTexts } from '../ja/log.ts';

addTexts({ ...findingTexts, ...findingRuleTexts, ...logTexts });
