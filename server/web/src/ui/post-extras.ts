/** What the page adds to every post of a timeline, so that the timeline need not know of it. */
import type { Post } from '#api/types.ts';
import { getContext, setContext } from 'svelte';
import type { MenuItem } from './Menu.svelte';

export interface PostExtras {
  /** More to do with a post. */
  items: (post: Post) => MenuItem[];
  /** What was made of it, and showing that. */
  mark: (post: Post) => { label: string; onselect: () => void } | null;
}

const KEY = Symbol('post-extras');

export function setPostExtras(extras: PostExtras): void {
  setContext(KEY, extras);
}

export function postExtras(): PostExtras {
  const found: PostExtras | undefined = getContext(KEY);
  return found ?? { items: () => [], mark: () => null };
}
