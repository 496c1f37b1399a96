/** The posts of one patient: from the cache, then the server, then as they happen. */
import { cache } from '#api/cache.ts';
import { toApiError, type ApiError } from '#api/errors.ts';
import type { ServerEvent } from '#api/events.ts';
import type { Post } from '#api/types.ts';
import { findPost, listTimeline, markRead, type TimelinePage } from './queries.ts';

/** How many pages one goes back for a post. */
const REACH = 10;

export class Timeline {
  posts = $state.raw<Post[]>([]);
  /** New posts that wait above while the reader is further down. */
  held = $state.raw<Post[]>([]);
  ready = $state(false);
  loadingMore = $state(false);
  complete = $state(false);
  error = $state.raw<ApiError | null>(null);
  /** The oldest post that was unread when the page was opened. */
  divider = $state<string | null>(null);
  /** The post that somebody came for, once it is here; `apart` when it is too far back to stand in its place. */
  sought = $state.raw<{ post: Post; apart: boolean } | null>(null);
  #next: string | null = null;
  #marked: string | null = null;
  readonly patientId: string;
  readonly #name: string;

  constructor(patientId: string) {
    this.patientId = patientId;
    this.#name = `patient:${patientId}:timeline`;
  }

  async load(): Promise<void> {
    const refreshed = this.refresh();
    const kept = await cache.get<TimelinePage>(this.#name).catch(() => null);
    if (kept && !this.ready && !this.error?.hidden) this.#show(kept.value);
    await refreshed;
  }

  async refresh(): Promise<void> {
    try {
      const page = await listTimeline(this.patientId);
      this.#show(page);
      this.error = null;
      void cache.put(this.#name, page).catch(() => undefined);
    } catch (reason) {
      this.error = toApiError(reason);
      if (this.error.hidden) await this.#close();
    }
  }

  async more(): Promise<void> {
    if (this.loadingMore || this.#next === null) return;
    this.loadingMore = true;
    try {
      const page = await listTimeline(this.patientId, this.#next);
      this.posts = merge(this.posts, page.items);
      this.#setNext(page.next ?? null);
    } catch (reason) {
      this.error = toApiError(reason);
    } finally {
      this.loadingMore = false;
    }
  }

  /** Goes back to a post that somebody came for, but not for ever. */
  async reach(postId: string): Promise<void> {
    const find = () => this.posts.find((post) => post.id === postId);
    for (let page = 0; page < REACH && !find() && !this.complete && !this.error; page++) await this.more();
    const here = find();
    if (here) {
      this.sought = { post: here, apart: false };
      return;
    }
    try {
      this.sought = { post: await findPost(postId), apart: true };
    } catch (reason) {
      this.error = toApiError(reason);
    }
  }

  /** Follows the server's news; `away` is true while the reader is not at the top. */
  async follow(event: ServerEvent, away: boolean): Promise<void> {
    if (event.type === 'resumed') return this.refresh();
    if (event.patientId !== this.patientId || event.postId === null) return;
    const postId = event.postId;
    try {
      const post = await findPost(postId);
      const known = this.posts.some((other) => other.id === post.id);
      if (known || !away || post.mine) this.put(post);
      else this.held = merge(this.held, [post]);
    } catch (reason) {
      if (toApiError(reason).hidden) this.posts = this.posts.filter((post) => post.id !== postId);
    }
  }

  put(post: Post): void {
    const oldest = this.posts.at(-1);
    const known = this.posts.some((other) => other.id === post.id);
    // What is further down than what was read so far comes with its page.
    if (!known && oldest && !this.complete && post.recorded_at < oldest.recorded_at) return;
    this.posts = merge(this.posts, [post]);
    this.#keep();
  }

  showHeld(): void {
    this.posts = merge(this.posts, this.held);
    this.held = [];
    this.#keep();
  }

  /** Tells the server once what is the newest post that was on the screen. */
  async markRead(): Promise<void> {
    const newest = this.posts[0];
    if (!newest || newest.id === this.#marked || !this.posts.some((post) => post.unread)) return;
    this.#marked = newest.id;
    await markRead(newest);
  }

  #show(page: TimelinePage): void {
    const first = !this.ready;
    this.posts = merge(this.posts, page.items);
    if (first || this.#next === null) this.#setNext(page.next ?? null);
    this.ready = true;
    const oldest = page.items.findLast((post) => post.unread && !post.mine);
    if (this.divider === null && oldest) this.divider = oldest.id;
  }

  #setNext(next: string | null): void {
    this.#next = next;
    this.complete = next === null;
  }

  #keep(): void {
    void cache.put(this.#name, { items: this.posts.slice(0, 30), next: this.#next }).catch(() => undefined);
  }

  async #close(): Promise<void> {
    this.posts = [];
    this.held = [];
    await cache.forget(`patient:${this.patientId}:`).catch(() => undefined);
  }
}

/** Newest first, each once, the later version winning. */
export function merge(known: readonly Post[], found: readonly Post[]): Post[] {
  const byId = new Map(known.map((post) => [post.id, post]));
  for (const post of found) byId.set(post.id, post);
  return [...byId.values()].sort(newestFirst);
}

function newestFirst(a: Post, b: Post): number {
  if (a.recorded_at !== b.recorded_at) return a.recorded_at < b.recorded_at ? 1 : -1;
  return a.id < b.id ? 1 : -1;
}
