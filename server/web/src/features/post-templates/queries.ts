import '#i18n/parts/post-pages.ts';
import { post, put, list } from '#api/call.ts';
import type { Facility, PostTemplate } from '#api/types.ts';
import { uuidv7 } from '#api/uuid.ts';

export interface TemplateText {
  facility_id: string | null;
  profession: string | null;
  kind: string;
  title: string;
  body: string;
}

/** Those that one keeps. */
export function listKept(): Promise<PostTemplate[]> {
  return list('/v1/post-templates', { kept: true });
}

export function createTemplate(text: TemplateText): Promise<PostTemplate> {
  return post('/v1/post-templates', { id: uuidv7(), ...text });
}

export function updateTemplate(id: string, version: number, text: TemplateText): Promise<PostTemplate> {
  const { profession, kind, title, body } = text;
  return put(`/v1/post-templates/${id}`, { profession, kind, title, body }, { version });
}

export function removeTemplate(id: string): Promise<PostTemplate> {
  return post(`/v1/post-templates/${id}/remove`, {});
}

export function listFacilities(): Promise<Facility[]> {
  return list('/v1/facilities', { limit: 100 });
}
