/** What is said in one room: from the cache, then the server, then as it happens. */
import { cache } from '#api/cache.ts';
import { toApiError, type ApiError } from '#api/errors.ts';
import type { ServerEvent } from '#api/events.ts';
import { findMessage, listMessages, markRead } from './queries.ts';
import type { Message, MessagesPage } from './types.ts';

export class Conversation {
  /** Oldest first, as it is read. */
  messages = $state.raw<Message[]>([]);
  ready = $state(false);
  loadingMore = $state(false);
  complete = $state(false);
  error = $state.raw<ApiError | null>(null);
  /** The first message that was unread when the page was opened. */
  divider = $state<string | null>(null);
  #next: string | null = null;
  #marked: string | null = null;
  readonly roomId: string;
  readonly #name: string;

  constructor(roomId: string) {
    this.roomId = roomId;
    this.#name = `room:${roomId}:messages`;
  }

  async load(): Promise<void> {
    const refreshed = this.refresh();
    const kept = await cache.get<MessagesPage>(this.#name).catch(() => null);
    if (kept && !this.ready && !this.error?.hidden) this.#show(kept.value);
    await refreshed;
  }

  async refresh(): Promise<void> {
    try {
      const page = await listMessages(this.roomId);
      this.#show(page);
      this.error = null;
      void cache.put(this.#name, page).catch(() => undefined);
    } catch (reason) {
      this.error = toApiError(reason);
      if (this.error.hidden) {
        this.messages = [];
        await cache.forget(this.#name).catch(() => undefined);
      }
    }
  }

  async more(): Promise<void> {
    if (this.loadingMore || this.#next === null) return;
    this.loadingMore = true;
    try {
      const page = await listMessages(this.roomId, this.#next);
      this.messages = merge(this.messages, page.items);
      this.#setNext(page.next);
    } catch (reason) {
      this.error = toApiError(reason);
    } finally {
      this.loadingMore = false;
    }
  }

  async follow(event: ServerEvent): Promise<void> {
    if (event.type === 'resumed') return this.refresh();
    if (event.roomId !== this.roomId || !event.messageId) return;
    const id = event.messageId;
    try {
      this.put(await findMessage(id));
    } catch (reason) {
      if (toApiError(reason).hidden) this.messages = this.messages.filter((message) => message.id !== id);
    }
  }

  put(message: Message): void {
    this.messages = merge(this.messages, [message]);
    const newest = this.messages.slice(-40).toReversed();
    void cache.put(this.#name, { items: newest, next: this.#next }).catch(() => undefined);
  }

  /** Tells the server once what is the newest message that was on the screen. */
  async markRead(): Promise<void> {
    const newest = this.messages.at(-1);
    if (!newest || newest.id === this.#marked || !this.messages.some((message) => message.unread)) return;
    this.#marked = newest.id;
    await markRead(newest);
    this.messages = this.messages.map((message) => ({ ...message, unread: false }));
  }

  #show(page: MessagesPage): void {
    const first = !this.ready;
    this.messages = merge(this.messages, page.items);
    if (first || this.#next === null) this.#setNext(page.next);
    this.ready = true;
    const oldest = this.messages.find((message) => message.unread && !message.mine);
    if (this.divider === null && oldest) this.divider = oldest.id;
  }

  #setNext(next: string | null): void {
    this.#next = next;
    this.complete = next === null;
  }
}

/** In the order in which the server took them in, each once, the later version winning. */
function merge(known: readonly Message[], found: readonly Message[]): Message[] {
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const message of found) byId.set(message.id, message);
  return [...byId.values()].sort((a, b) => a.seq - b.seq);
}
