import type { NewPost } from '#api/access.types.ts';
import { api, unwrap } from '#api/client.ts';
import type { OutboxEntry } from '#api/outbox-entry.ts';
import { outbox } from '#api/outbox.svelte.ts';
import type { Approval, Post, PostTemplate, PostVersion, Wound } from '#api/types.ts';
import type { AskAcknowledgement } from '#api/work.types.ts';
import { uuidv7 } from '#api/uuid.ts';

export interface TimelinePage {
  items: Post[];
  next?: string | null;
}

export function listTimeline(patient_id: string, cursor?: string): Promise<TimelinePage> {
  const params = { path: { patient_id }, query: { cursor, limit: 30 } };
  return unwrap(api.GET('/v1/patients/{patient_id}/timeline', { params }));
}

/** The posts of one kind, newest first. */
export function listOfKind(patient_id: string, kind: 'wound', cursor?: string): Promise<TimelinePage> {
  const params = { path: { patient_id }, query: { cursor, kind, limit: 100 } };
  return unwrap(api.GET('/v1/patients/{patient_id}/timeline', { params }));
}

export function findPost(post_id: string): Promise<Post> {
  return unwrap(api.GET('/v1/posts/{post_id}', { params: { path: { post_id } } }));
}

export async function listVersions(post_id: string): Promise<PostVersion[]> {
  const page = await unwrap(api.GET('/v1/posts/{post_id}/versions', { params: { path: { post_id } } }));
  return page.items;
}

/** The conversation that a post belongs to, oldest first. */
export async function listThread(post_id: string): Promise<Post[]> {
  const params = { path: { post_id }, query: { limit: 100 } };
  return (await unwrap(api.GET('/v1/posts/{post_id}/thread', { params }))).items;
}

export async function listPins(patient_id: string): Promise<Post[]> {
  const params = { path: { patient_id } };
  return (await unwrap(api.GET('/v1/patients/{patient_id}/pins', { params }))).items;
}

export async function listWounds(patient_id: string): Promise<Wound[]> {
  const params = { path: { patient_id } };
  return (await unwrap(api.GET('/v1/patients/{patient_id}/wounds', { params }))).items;
}

/** Everything about the wound that a post is about, what was seen last first. */
export async function listWoundSeries(post_id: string): Promise<Post[]> {
  const params = { path: { post_id }, query: { limit: 100 } };
  return (await unwrap(api.GET('/v1/posts/{post_id}/wound-series', { params }))).items;
}

export async function listApprovals(part: 'approver' | 'author'): Promise<Approval[]> {
  return (await unwrap(api.GET('/v1/approvals', { params: { query: { part, limit: 100 } } }))).items;
}

/** The templates that one picks from. */
export async function listTemplates(): Promise<PostTemplate[]> {
  return (await unwrap(api.GET('/v1/post-templates', {}))).items;
}

export function createPost(patientId: string, body: NewPost, draft?: string): Promise<void> {
  const path = `/v1/patients/${patientId}/timeline`;
  const entry = { id: uuidv7(), queue: patientId, kind: 'post', method: 'POST', path, body } as const;
  return outbox.add(entry, draft);
}

export function acknowledgePost(post: Post): Promise<void> {
  return act(post, 'acknowledge', {});
}

/** Asks about a post that is there already. */
export function askAbout(post: Post, body: AskAcknowledgement): Promise<void> {
  const path = `/v1/posts/${post.id}/acknowledgements`;
  return outbox.add({ id: uuidv7(), queue: post.patient_id, kind: 'ask', method: 'POST', path, body });
}

export function amendPost(
  post: Post,
  body: { body?: string; vitals?: Post['vitals']; reason: string },
): Promise<void> {
  return act(post, 'amend', body);
}

export function retractPost(post: Post, reason: string): Promise<void> {
  return act(post, 'retract', { reason });
}

export function markRead(post: Post): Promise<void> {
  const path = `/v1/patients/${post.patient_id}/read-mark`;
  const body = { post_id: post.id };
  return outbox.add({
    id: uuidv7(),
    queue: `read:${post.patient_id}`,
    kind: 'read_mark',
    method: 'PUT',
    path,
    body,
  });
}

/** Sets a reaction, or takes it back. */
export function reactTo(post: Post, reaction: Reaction, set: boolean): Promise<void> {
  return act(post, set ? 'react' : 'unreact', { reaction });
}

export function pinPost(post: Post, set: boolean): Promise<void> {
  return act(post, set ? 'pin' : 'unpin', {});
}

export function approvePost(post: Post): Promise<void> {
  return act(post, 'approve', {});
}

export function giveBackPost(post: Post, reason: string): Promise<void> {
  return act(post, 'give_back', { reason });
}

export const reactions = ['noted', 'thanks', 'will_visit', 'will_call', 'will_handle'] as const;
export type Reaction = (typeof reactions)[number];

/** What is done to a post that is there: where it is sent, and whether it is about the version that was seen. */
const acts = {
  acknowledge: { at: 'acknowledge', seen: false },
  amend: { at: 'amend', seen: true },
  retract: { at: 'retract', seen: true },
  react: { at: 'reactions', seen: false },
  unreact: { at: 'reactions/remove', seen: false },
  pin: { at: 'pin', seen: false },
  unpin: { at: 'unpin', seen: false },
  approve: { at: 'approve', seen: true },
  give_back: { at: 'return', seen: true },
} as const satisfies Partial<Record<OutboxEntry['kind'], { at: string; seen: boolean }>>;

function act(post: Post, kind: keyof typeof acts, body: unknown): Promise<void> {
  const { at, seen } = acts[kind];
  const ifMatch = seen ? String(post.version) : undefined;
  const path = `/v1/posts/${post.id}/${at}`;
  return outbox.add({ id: uuidv7(), queue: post.patient_id, kind, method: 'POST', path, body, ifMatch });
}
