import type { Post } from '#api/types.ts';
import { dayKey } from '#ui/format/dates.ts';

export interface Day {
  key: string;
  posts: Post[];
}

/** Posts under the day they were recorded, in the order given. */
export function byDay(posts: readonly Post[]): Day[] {
  const days: Day[] = [];
  for (const post of posts) {
    const key = dayKey(post.recorded_at);
    const last = days.at(-1);
    if (last?.key === key) last.posts.push(post);
    else days.push({ key, posts: [post] });
  }
  return days;
}
