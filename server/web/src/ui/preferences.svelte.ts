/** How this device shows things: theme and text size. Nothing personal, so it outlives sign-out. */
export type Theme = 'auto' | 'light' | 'dark';
export type TextSize = 'normal' | 'large' | 'largest';

const THEME = 'tsumugi.theme';
const TEXT = 'tsumugi.text';

class Preferences {
  theme = $state<Theme>('auto');
  text = $state<TextSize>('normal');

  start(): void {
    this.theme = (localStorage.getItem(THEME) ?? 'auto') as Theme;
    this.text = (localStorage.getItem(TEXT) ?? 'normal') as TextSize;
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#apply());
    this.#apply();
  }

  chooseTheme(theme: Theme): void {
    this.theme = theme;
    localStorage.setItem(THEME, theme);
    this.#apply();
  }

  chooseText(text: TextSize): void {
    this.text = text;
    localStorage.setItem(TEXT, text);
    this.#apply();
  }

  #apply(): void {
    const night =
      this.theme === 'auto' ? matchMedia('(prefers-color-scheme: dark)').matches : this.theme === 'dark';
    document.documentElement.dataset.theme = night ? 'dark' : 'light';
    document.documentElement.dataset.text = this.text;
  }
}

export const preferences = new Preferences();
