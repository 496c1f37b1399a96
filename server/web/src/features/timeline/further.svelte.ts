/** What a post may have beside its text: readers by name, whom it is addressed to, for whom, when, which wound. */
import type { CreatePost } from '#api/types.ts';

export type WoundSite = NonNullable<CreatePost['wound']>['site'];

export interface FurtherTexts {
  recipients: string[];
  mentioned: string[];
  professions: string[];
  behalf: string;
  observed: string;
  woundSite: WoundSite | '';
  woundLabel: string;
}

export class Further {
  /** Whether the rarer fields are shown. */
  shown = $state(false);
  /** Who reads it, on the channel for named people. */
  recipients = $state<string[]>([]);
  /** Whom it is addressed to. */
  mentioned = $state<string[]>([]);
  /** Of which professions everybody is meant. */
  professions = $state<string[]>([]);
  /** For whom it is entered; empty: nobody. */
  behalf = $state('');
  /** When it was seen, as the field of the page has it; empty: now. */
  observed = $state('');
  woundSite = $state<WoundSite | ''>('');
  woundLabel = $state('');

  get needsWoundLabel(): boolean {
    return this.woundSite === 'other' && this.woundLabel.trim() === '';
  }

  get inFuture(): boolean {
    return this.observed !== '' && Date.parse(momentOf(this.observed)) > Date.now() + 60_000;
  }

  get observedAt(): string {
    return this.observed === '' ? new Date().toISOString() : momentOf(this.observed);
  }

  get wound(): CreatePost['wound'] {
    if (this.woundSite === '') return null;
    return { site: this.woundSite, label: this.woundLabel.trim() || null };
  }

  get mentions(): NonNullable<CreatePost['mentions']> {
    const { mentioned, professions } = this.texts;
    return { staff_member_ids: mentioned, professions };
  }

  /** All of it as plain values, for the draft. */
  get texts(): FurtherTexts {
    return {
      recipients: $state.snapshot(this.recipients),
      mentioned: $state.snapshot(this.mentioned),
      professions: $state.snapshot(this.professions),
      behalf: this.behalf,
      observed: this.observed,
      woundSite: this.woundSite,
      woundLabel: this.woundLabel,
    };
  }

  /** Takes over what was kept; what is left out is empty. */
  take(kept: Partial<FurtherTexts>): void {
    const empty = { recipients: [], mentioned: [], professions: [], behalf: '', observed: '' };
    Object.assign(this, { ...empty, woundSite: '', woundLabel: '', ...kept });
    this.shown = this.mentioned.length > 0 || this.behalf !== '' || this.observed !== '';
  }

  /** Takes over what a refused post said. */
  rewrite(post: CreatePost): void {
    this.take({
      recipients: post.recipient_ids ?? [],
      mentioned: post.mentions?.staff_member_ids ?? [],
      professions: post.mentions?.professions ?? [],
      behalf: post.on_behalf_of ?? '',
      woundSite: post.wound?.site ?? '',
      woundLabel: post.wound?.label ?? '',
    });
  }
}

/** The moment that a field for date and time means, in Japan. */
function momentOf(field: string): string {
  return new Date(`${field}:00+09:00`).toISOString();
}
