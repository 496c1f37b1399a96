/** Makes facts of posts: what the menu of a post offers, and what was made of it. */
import '#i18n/parts/facts.ts';
import type { Post } from '#api/types.ts';
import type { FactList } from '#features/facts/types.ts';
import { m } from '#i18n/index.svelte.ts';
import ClipboardPlus from '@lucide/svelte/icons/clipboard-plus';
import { setPostExtras } from '#ui/post-extras.ts';

/** The kinds of facts that the person writes. */
export function writableKinds(list: FactList | null): string[] {
  return (list?.kinds ?? []).filter((known) => known.writes).map((known) => known.kind);
}

export function offerFacts(
  list: () => FactList | null,
  onadd: (post: Post) => void,
  onshow: () => void,
): void {
  setPostExtras({
    items: (post) =>
      writableKinds(list()).length > 0 && post.body
        ? [{ label: m.facts.addPost, icon: ClipboardPlus, onselect: () => onadd(post) }]
        : [],
    mark: (post) => {
      const made = (list()?.items ?? []).filter((fact) => fact.source.id === post.id).length;
      return made > 0 ? { label: m.facts.madeOf(made), onselect: onshow } : null;
    },
  });
}
