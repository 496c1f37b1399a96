import { m } from '#i18n/index.svelte.ts';
import type { Room } from './types.ts';

/** What a room is called: its name, or that of the other person. */
export function titleOf(room: Room): string {
  return room.name ?? room.partner?.name ?? m.rooms.former;
}
