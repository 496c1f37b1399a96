/** A fact that is being entered or updated; kept as a draft with every change. */
import { drafts } from '#api/drafts.ts';
import type { OutboxEntry } from '#api/outbox-entry.ts';
import { outbox } from '#api/outbox.svelte.ts';
import type { Post } from '#api/types.ts';
import { uuidv7 } from '#api/uuid.ts';
import { FactForm } from './form.svelte.ts';
import { guess } from './guess.ts';
import { changeFact, createFact } from './queries.ts';
import type { ChangeFact, CreateFact, Fact, Value } from './types.ts';

export type Confidence = CreateFact['confidence'];
export type SourceKind = CreateFact['source']['kind'];
export type FactChannel = NonNullable<CreateFact['channel']>;
export type FactSensitivity = NonNullable<CreateFact['sensitivity']>;

/** What somebody sets out to do. */
export interface Task {
  patientId: string;
  /** Kinds that may be entered, the one to begin with first. */
  kinds: readonly string[];
  /** What is updated. */
  fact?: Fact;
  /** What it is made of. */
  post?: Post;
  /** What was refused and is entered again. */
  failed?: OutboxEntry;
}

interface Draft {
  kind: string;
  value: Value;
  note: string;
  confidence: Confidence;
  source: SourceKind;
  sourceText: string;
  since: string;
  reason: string;
  channel: FactChannel;
  sensitivity: FactSensitivity | '';
}

export class Writing {
  readonly form: FactForm;
  readonly task: Task;
  note = $state('');
  confidence = $state<Confidence>('confirmed');
  source = $state<SourceKind>('observation');
  sourceText = $state('');
  since = $state('');
  reason = $state('');
  channel = $state<FactChannel>('team');
  sensitivity = $state<FactSensitivity | ''>('');
  ready = $state(false);

  constructor(task: Task) {
    this.task = task;
    const { fact, post, failed } = task;
    this.form = new FactForm(fact?.kind ?? task.kinds[0] ?? 'problem', (fact?.value ?? {}) as Value);
    if (fact) this.#resume(fact);
    if (post) this.#make(post);
    if (failed) this.#again(failed.body as CreateFact | ChangeFact);
  }

  #resume(fact: Fact): void {
    this.note = fact.note ?? '';
    this.channel = fact.channel as FactChannel;
    this.sensitivity = (fact.sensitivity as FactSensitivity | undefined) ?? '';
  }

  #make(post: Post): void {
    const told = guess(post, this.task.kinds);
    this.form.kind = told.kind;
    this.form.fill(told.value);
    this.note = told.note;
    this.source = 'post';
    // What was told to fewer people stays with them.
    if (post.channel === 'medical') this.channel = 'medical';
    if (post.channel === 'sensitive') {
      this.channel = 'sensitive';
      this.sensitivity = (post.sensitivity as FactSensitivity | undefined) ?? '';
    }
  }

  #again(body: CreateFact | ChangeFact): void {
    if ('kind' in body) this.form.kind = body.kind;
    this.form.fill(body.value as Value);
    this.note = body.note ?? '';
    this.confidence = body.confidence;
    this.source = body.source.kind;
    this.sourceText = body.source.text ?? '';
    this.since = body.since ?? '';
    if ('reason' in body) this.reason = body.reason ?? '';
    if ('channel' in body && body.channel) this.channel = body.channel;
    if ('sensitivity' in body && body.sensitivity) this.sensitivity = body.sensitivity;
  }

  get #draft(): string {
    const { patientId, fact, post } = this.task;
    return `fact:${patientId}:${fact?.id ?? post?.id ?? `new:${this.task.kinds[0] ?? ''}`}`;
  }

  async restore(): Promise<void> {
    const kept = this.task.failed ? null : await drafts.get<Draft>(this.#draft).catch(() => null);
    if (kept) {
      const { kind, value, ...rest } = kept;
      this.form.kind = kind;
      this.form.fill(value);
      Object.assign(this, rest);
    }
    this.ready = true;
  }

  /** Call in an effect: reads everything that is part of the draft and keeps it. */
  keep(): void {
    const { note, confidence, source, sourceText, since, reason, channel, sensitivity } = this;
    const words = { note, confidence, source, sourceText, since, reason, channel, sensitivity };
    const draft: Draft = { kind: this.form.kind, value: this.form.value, ...words };
    if (this.ready) drafts.keep(this.#draft, draft);
  }

  get complete(): boolean {
    const named = this.channel !== 'sensitive' || this.sensitivity !== '';
    return named && this.form.missing.length === 0 && this.form.wrong.length === 0;
  }

  async forget(): Promise<void> {
    this.ready = false;
    await drafts.forget(this.#draft);
  }

  async save(): Promise<void> {
    const { fact, post, failed, patientId } = this.task;
    const sourceId = this.source === 'post' ? (post?.id ?? this.#failedSource()) : null;
    const said: ChangeFact = {
      value: this.form.value,
      note: this.note.trim() || null,
      confidence: this.confidence,
      since: this.since || null,
      source: { kind: this.source, id: sourceId, text: this.sourceText.trim() || null },
      observed_at: new Date().toISOString(),
    };
    if (fact) {
      await changeFact(fact, { ...said, reason: this.reason.trim() || null });
    } else {
      const sensitivity = this.channel === 'sensitive' ? this.sensitivity || null : null;
      await createFact(patientId, {
        id: uuidv7(),
        kind: this.form.kind,
        channel: this.channel,
        sensitivity,
        ...said,
      });
    }
    if (failed) await outbox.discard(failed.id);
    await this.forget();
  }

  #failedSource(): string | null {
    const body = this.task.failed?.body as CreateFact | undefined;
    return body?.source.id ?? null;
  }
}
