import type { NewPost } from '#api/access.types.ts';
import { api, unwrap } from '#api/client.ts';
import { outbox } from '#api/outbox.svelte.ts';
import type { Post, PostVersion } from '#api/types.ts';
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

function act(post: Post, kind: 'acknowledge' | 'amend' | 'retract', body: unknown): Promise<void> {
  const ifMatch = kind === 'acknowledge' ? undefined : String(post.version);
  const path = `/v1/posts/${post.id}/${kind}`;
  return outbox.add({ id: uuidv7(), queue: post.patient_id, kind, method: 'POST', path, body, ifMatch });
}
