import type { Attachment } from 'svelte/attachments';

/** Calls back when the element comes near the screen, and again each time it does. */
export function whenVisible(callback: () => void): Attachment {
  return (element) => {
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && callback(),
      {
        rootMargin: '600px',
      },
    );
    observer.observe(element);
    return () => observer.disconnect();
  };
}
