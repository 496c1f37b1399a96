/** How much waits in rooms and announcements: the number beside the place. Counted by the server, for every device alike. */
import { get } from './call.ts';
import { onServerEvent } from './events.ts';

interface Counted {
  items: { unread: number }[];
}

class Unread {
  count = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Follows the server's news as long as somebody is signed in. */
  follow(): () => void {
    const stop = onServerEvent((event) => {
      if (event.type === 'resumed' || event.roomId || event.announcementId) this.#soon();
    });
    const turn = setInterval(() => void this.refresh(), 60_000);
    void this.refresh();
    return () => {
      stop();
      clearInterval(turn);
      clearTimeout(this.#timer);
      this.count = 0;
    };
  }

  async refresh(): Promise<void> {
    try {
      const [rooms, announcements] = await Promise.all([
        get<Counted>('/v1/rooms'),
        get<{ waiting: number }>('/v1/announcements', { limit: 1 }),
      ]);
      this.count = rooms.items.reduce((sum, room) => sum + room.unread, announcements.waiting);
    } catch {
      // Without signal the last number stands.
    }
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.refresh(), 400);
  }
}

export const unread = new Unread();
