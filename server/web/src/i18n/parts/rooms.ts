/** Rooms, direct messages and announcements. Importing it is enough. */
import { addTexts } from '../index.svelte.ts';
import { roomTexts } from '../ja/rooms.ts';

addTexts(roomTexts);
