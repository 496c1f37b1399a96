/** The reader's language. Japanese is always there; English is fetched when it is chosen. */
import { ja, type Messages } from './ja/index.ts';

export type Language = 'ja' | 'en';

const KEY = 'tsumugi.language';

let language = $state<Language>('ja');
const japanese = { ...ja } as Messages;
let current = $state.raw<Messages>(japanese);

/** Every text of the app: `m.timeline.reply`. Reading it in a template follows the language. */
export const m: Messages = new Proxy({} as Messages, {
  get: (_target, key) => current[key as keyof Messages],
});

export const locale = {
  get language(): Language {
    return language;
  },
  /** Takes up the choice made on this device. */
  async start(): Promise<void> {
    if (localStorage.getItem(KEY) === 'en') await this.choose('en');
  },
  async choose(next: Language): Promise<void> {
    current = next === 'ja' ? japanese : (await import('./en/index.ts')).en;
    language = next;
    localStorage.setItem(KEY, next);
    document.documentElement.lang = next;
  },
};

/** Japanese texts that come with the pages that need them; the modules in `parts` call it before a page is drawn. */
export function addTexts(texts: Partial<Messages>): void {
  Object.assign(japanese, texts);
}

/** The word for a code that the server sends; a code that is newer than this app shows as itself. */
export function label(texts: Readonly<Record<string, string>>, code: string): string {
  return texts[code] ?? code;
}
