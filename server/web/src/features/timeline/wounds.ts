import { label, m } from '#i18n/index.svelte.ts';

/** 仙骨部（上のほう） */
export function woundName(wound: { site: string; label?: string | null }): string {
  return label(m.postPages.sites, wound.site) + (wound.label ? m.marks.aside(wound.label) : '');
}
