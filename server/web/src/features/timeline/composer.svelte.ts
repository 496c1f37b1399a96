/** What is being written for one patient. Every change is kept as a draft at once. */
import type { NewPost, PostChannel, Sensitive, SensitivePost } from '#api/access.types.ts';
import { drafts } from '#api/drafts.ts';
import type { CreatePost, PostTemplate, StaffMember } from '#api/types.ts';
import { uuidv7 } from '#api/uuid.ts';
import { Asking, type AskingDraft, type Due } from './asking.svelte.ts';
import { Further, type FurtherTexts } from './further.svelte.ts';
import { createPost } from './queries.ts';
import { channels, type Readers } from './readers.ts';
import { VitalsForm, type VitalTexts } from './vitals-form.svelte.ts';

/** What a post that is told in words may be about. */
export const wordKinds = [
  'note',
  'visit_report',
  'urgent',
  'medication',
  'wound',
  'end_of_life',
  'notice',
] as const;
export type WordKind = (typeof wordKinds)[number];

interface Draft {
  text: string;
  kind?: WordKind;
  channel: PostChannel;
  sensitivity?: Sensitive | null;
  withVitals: boolean;
  vitals: VitalTexts;
  confirmed: string[];
  asking: boolean;
  asked: string[];
  ask?: AskingDraft;
  due: Due;
  replyTo: Reply | null;
  files?: string[];
  further?: FurtherTexts;
}

interface Reply {
  id: string;
  channel: PostChannel;
  name: string;
  excerpt: string;
  /** On the channel for named people: they, and the author. */
  people?: string[];
}

export class Composer {
  open = $state(false);
  text = $state('');
  kind = $state<WordKind>('note');
  channel = $state<PostChannel>('team');
  /** What makes it sensitive, on the sensitive channel. */
  sensitivity = $state<Sensitive | null>(null);
  withVitals = $state(false);
  vitals = new VitalsForm();
  asking = $state(false);
  asked = $state<string[]>([]);
  /** Professions and facilities that are asked, and for what. */
  ask = new Asking();
  due = $state<Due>('tomorrow');
  replyTo = $state<Reply | null>(null);
  /** Files that go with it, by id; they may still be on their way. */
  files = $state<string[]>([]);
  readonly further = new Further();
  tried = $state(false);
  ready = $state(false);
  readonly patientId: string;
  #sending = false;

  constructor(patientId: string) {
    this.patientId = patientId;
  }

  get #draft(): string {
    return `composer:${this.patientId}`;
  }

  async restore(): Promise<void> {
    const kept = await drafts.get<Draft>(this.#draft).catch(() => null);
    if (kept) this.#take(kept);
    this.ready = true;
  }

  /** Call in an effect: reads everything that is part of the draft and keeps it. */
  keep(): void {
    const { text, kind, channel, sensitivity, withVitals, asking, due } = this;
    const vitals = $state.snapshot(this.vitals.texts);
    const confirmed = $state.snapshot(this.vitals.confirmed);
    const asked = $state.snapshot(this.asked);
    const ask = this.ask.draft;
    const replyTo = $state.snapshot(this.replyTo);
    const files = $state.snapshot(this.files);
    const further = this.further.texts;
    if (!this.ready) return;
    const what = { text, kind, channel, sensitivity, withVitals, vitals, confirmed };
    const draft: Draft = { ...what, asking, asked, ask, due, replyTo, files, further };
    drafts.keep(this.#draft, this.blank ? null : draft);
  }

  get blank(): boolean {
    const said = this.text.trim() !== '' || this.withVitals || this.files.length > 0;
    return !said && !this.asking && this.replyTo === null;
  }

  get asksNobody(): boolean {
    return this.asked.length === 0 && this.ask.nobody;
  }

  /** Whether there is something that can be sent. */
  get sendable(): boolean {
    if (this.asking && this.asksNobody) return false;
    if (this.channel === 'sensitive' && this.sensitivity === null) return false;
    if (this.needsNames || this.needsWoundLabel || this.further.inFuture) return false;
    return this.withVitals ? this.vitals.acceptable : this.text.trim() !== '' || this.files.length > 0;
  }

  /** Whether it is for named people and names none. */
  get needsNames(): boolean {
    return this.channel === 'named' && this.replyTo === null && this.further.recipients.length === 0;
  }

  get needsWoundLabel(): boolean {
    return this.aboutWound && this.further.needsWoundLabel;
  }

  get aboutWound(): boolean {
    return !this.withVitals && this.kind === 'wound';
  }

  /** Everybody who will read it. */
  audience(readers: Readers): StaffMember[] {
    if (this.channel !== 'named') return readers.people(this.channel);
    return readers.of(this.replyTo?.people ?? this.further.recipients);
  }

  /** Begins with a template; what was written stays above it. */
  begin(template: PostTemplate): void {
    this.kind = wordKinds.find((kind) => kind === template.kind) ?? this.kind;
    const written = this.text.trimEnd();
    this.text = written === '' ? template.body : `${written}\n${template.body}`;
  }

  reply(post: SensitivePost): void {
    const excerpt = (post.body ?? post.document?.title ?? '').slice(0, 80);
    this.channel = channelOf(post.channel);
    this.sensitivity = (post.sensitivity as Sensitive | undefined) ?? null;
    const people = [post.author.id, ...post.recipients.map((person) => person.staff_member_id)];
    this.replyTo = { id: post.id, channel: this.channel, name: post.author.name, excerpt, people };
    this.further.recipients = [];
    this.open = true;
  }

  /** Takes a refused post back to be written anew. */
  rewrite(post: CreatePost | NewPost): void {
    this.text = post.body ?? '';
    this.kind = wordKinds.find((kind) => kind === post.kind) ?? 'note';
    this.channel = post.channel;
    this.sensitivity = ('sensitivity' in post && (post.sensitivity as Sensitive)) || null;
    this.withVitals = Boolean(post.vitals);
    const form = new VitalsForm(post.vitals ?? null);
    this.vitals.texts = form.texts;
    this.vitals.confirmed = form.confirmed;
    this.asked = post.acknowledgement?.staff_member_ids ?? [];
    const ask = post.acknowledgement;
    this.ask.take(ask && { ...ask, facilities: ask.facility_ids ?? [] });
    this.asking = !this.asksNobody;
    this.files = ('attachment_ids' in post && post.attachment_ids) || [];
    this.further.rewrite(post);
    this.open = true;
  }

  async send(): Promise<boolean> {
    this.tried = true;
    this.vitals.tried = true;
    // A second tap while the first is being kept would make a second post.
    if (!this.sendable || this.#sending) return false;
    this.#sending = true;
    try {
      await createPost(this.patientId, this.#post(), this.#draft);
      this.#clear();
    } finally {
      this.#sending = false;
    }
    return true;
  }

  #post(): NewPost {
    return {
      id: uuidv7(),
      kind: this.withVitals ? 'vitals' : this.kind,
      channel: this.channel,
      ...(this.channel === 'sensitive' && this.sensitivity && { sensitivity: this.sensitivity }),
      body: this.text.trim() || null,
      vitals: this.withVitals ? this.vitals.values : null,
      observed_at: this.further.observedAt,
      reply_to: this.replyTo?.id ?? null,
      ...(this.files.length > 0 && { attachment_ids: $state.snapshot(this.files) }),
      acknowledgement: this.asking ? this.ask.body($state.snapshot(this.asked), this.due) : null,
      recipient_ids:
        this.channel === 'named' && !this.replyTo ? $state.snapshot(this.further.recipients) : [],
      mentions: this.further.mentions,
      on_behalf_of: this.further.behalf || null,
      wound: this.aboutWound ? this.further.wound : null,
    };
  }

  #take(draft: Draft): void {
    const { vitals, confirmed, ask, further, ...rest } = draft;
    this.ask.take(ask);
    Object.assign(this, rest);
    this.further.take(further ?? {});
    this.vitals.texts = vitals;
    this.vitals.confirmed = confirmed;
    this.open = !this.blank;
  }

  #clear(): void {
    Object.assign(this, {
      text: '',
      kind: 'note',
      channel: 'team',
      sensitivity: null,
      withVitals: false,
      asking: false,
      asked: [],
      replyTo: null,
      files: [],
      open: false,
      tried: false,
    });
    this.ask.take();
    this.further.take({});
    this.vitals.texts = {};
    this.vitals.confirmed = [];
    this.vitals.tried = false;
  }
}

/** A channel that is newer than this app is answered to the team. */
function channelOf(code: string): PostChannel {
  return channels.find((channel) => channel === code) ?? 'team';
}
