/** What changed between two versions of a post, word by word as Japanese is read, and value by value. */
import type { PostVersion, VitalSigns } from '#api/types.ts';
import { m } from '#i18n/index.svelte.ts';
import { formatVital, vitalSigns } from '#ui/vital-signs.ts';
import { diffWordsWithSpace } from 'diff';

export interface Part {
  text: string;
  kind: 'same' | 'added' | 'removed';
}

const words = new Intl.Segmenter('ja', { granularity: 'word' });

/** The later text with what was added and what was removed, in the order of reading. */
export function textChange(before: string, after: string): Part[] {
  return diffWordsWithSpace(before, after, { intlSegmenter: words }).map((part) => ({
    text: part.value,
    kind: part.added ? 'added' : part.removed ? 'removed' : 'same',
  }));
}

/** A line for each value that is not as before. */
export function valueChanges(before: VitalSigns | null, after: VitalSigns | null): string[] {
  return vitalSigns.flatMap(({ key }) => {
    const [old, now] = [before?.[key] ?? null, after?.[key] ?? null];
    if (old === now) return [];
    const shown = (value: number | null) =>
      value === null ? m.posts.noValue : `${formatVital(key, value)} ${m.units[key]}`.trim();
    return [m.posts.valueChange(m.vitals[key], shown(old), shown(now))];
  });
}

/** The version before, as what the next one is held against; a retraction says nothing itself. */
export function before(versions: readonly PostVersion[], version: PostVersion): PostVersion | null {
  return versions.find((other) => other.version === version.version - 1) ?? null;
}
