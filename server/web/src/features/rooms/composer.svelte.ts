/** What is being written for one room. Every change is kept as a draft at once. */
import { drafts } from '#api/drafts.ts';
import { files } from '#api/files.svelte.ts';
import { uuidv7 } from '#api/uuid.ts';
import { addDays, endOfDay, today } from '#ui/format/dates.ts';
import { m } from '#i18n/index.svelte.ts';
import { sendMessage } from './queries.ts';
import type { Message } from './types.ts';

interface Draft {
  text: string;
  replyTo: { id: string; name: string; excerpt: string } | null;
  asking: boolean;
  mentions: string[];
  everyone: boolean;
  files?: string[];
}

export class RoomComposer {
  text = $state('');
  replyTo = $state<Draft['replyTo']>(null);
  asking = $state(false);
  mentions = $state<string[]>([]);
  everyone = $state(false);
  /** Files that go with it, by id; they may still be on their way. */
  files = $state<string[]>([]);
  ready = $state(false);
  readonly roomId: string;

  constructor(roomId: string) {
    this.roomId = roomId;
  }

  get #draft(): string {
    return `room:${this.roomId}`;
  }

  get blank(): boolean {
    return this.text.trim() === '' && this.files.length === 0;
  }

  async restore(): Promise<void> {
    const kept = await drafts.get<Draft>(this.#draft).catch(() => null);
    if (kept) Object.assign(this, kept);
    this.ready = true;
  }

  /** Call in an effect: reads everything that is part of the draft and keeps it. */
  keep(): void {
    const { text, asking, everyone } = this;
    const replyTo = $state.snapshot(this.replyTo);
    const mentions = $state.snapshot(this.mentions);
    const files = $state.snapshot(this.files);
    if (!this.ready) return;
    const draft: Draft = { text, replyTo, asking, mentions, everyone, files };
    drafts.keep(this.#draft, this.blank && replyTo === null ? null : draft);
  }

  reply(message: Message): void {
    const excerpt = (message.body ?? m.rooms.filesOnly).slice(0, 80);
    this.replyTo = { id: message.id, name: message.author.name, excerpt };
  }

  async add(picked: readonly File[]): Promise<void> {
    for (const file of picked) {
      const id = await files.add({ roomId: this.roomId }, file);
      this.files = [...this.files, id];
    }
  }

  remove(id: string): void {
    this.files = this.files.filter((other) => other !== id);
    void files.discard(id);
  }

  async send(): Promise<void> {
    if (this.blank) return;
    await sendMessage(this.roomId, {
      id: uuidv7(),
      body: this.text.trim(),
      reply_to: this.replyTo?.id ?? null,
      mentions: $state.snapshot(this.mentions),
      mentions_everyone: this.everyone,
      ...(this.files.length > 0 && { attachment_ids: $state.snapshot(this.files) }),
      acknowledgement: this.asking ? { due_at: endOfDay(addDays(today(), 1)) } : null,
    });
    await drafts.forget(this.#draft);
    Object.assign(this, { text: '', replyTo: null, asking: false, mentions: [], everyone: false, files: [] });
  }

  /** Whoever was chosen and has left the room meanwhile is chosen no more. */
  only(present: ReadonlySet<string>): void {
    const kept = this.mentions.filter((id) => present.has(id));
    if (kept.length !== this.mentions.length) this.mentions = kept;
  }
}
