/** How much waits, on every page and on the icon of the app. Read again whenever the server says that it changed. */
import { get } from './call.ts';
import { onServerEvent } from './events.ts';
import type { WorkCounts } from './work.types.ts';

class Counts {
  /** Requests and other notices. */
  waiting = $state(0);
  /** Posts not read, over all patients. */
  unread = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;

  start(): () => void {
    void this.refresh();
    const stop = onServerEvent(() => {
      clearTimeout(this.#timer);
      // Not everybody of a team at the same moment.
      this.#timer = setTimeout(() => void this.refresh(), 600 + Math.random() * 1500);
    });
    return () => {
      stop();
      clearTimeout(this.#timer);
      this.#show(0, 0);
    };
  }

  async refresh(): Promise<void> {
    const counts = await get<WorkCounts>('/v1/work/counts').catch(() => null);
    if (counts) this.#show(counts.asked + counts.notices, counts.unread);
  }

  #show(waiting: number, unread: number): void {
    this.waiting = waiting;
    this.unread = unread;
    const all = waiting + unread;
    if (!('setAppBadge' in navigator)) return;
    void (all > 0 ? navigator.setAppBadge(all) : navigator.clearAppBadge()).catch(() => undefined);
  }
}

export const workCounts = new Counts();
