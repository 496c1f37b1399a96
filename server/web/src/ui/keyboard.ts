import type { Attachment } from 'svelte/attachments';

/** Keeps what is fixed at the bottom above the keyboard where a browser lays the keyboard over the page. */
export const aboveKeyboard: Attachment<HTMLElement> = (element) => {
  const view = window.visualViewport;
  if (!view) return;
  const place = () => {
    const covered = view.scale > 1 ? 0 : window.innerHeight - view.height - view.offsetTop;
    element.style.setProperty('--keyboard', `${Math.max(0, Math.round(covered))}px`);
  };
  place();
  view.addEventListener('resize', place);
  view.addEventListener('scroll', place);
  return () => {
    view.removeEventListener('resize', place);
    view.removeEventListener('scroll', place);
  };
};
