/**
 * When somebody last touched the app. A call that leaves while nobody has touched it for a while was made by the
 * app itself: it says so to the server, which then does not take it for a sign of life.
 */
type Listener = () => void;

/** Longer than anything a tap sets off, far shorter than any time after which a session ends. */
const ATTENDED_MS = 20_000;
const TELL_MS = 5_000;
/** In the tab's own store: gone when the tab is closed. */
const HERE = 'tsumugi.here';

const listeners = new Set<Listener>();
const tabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('tsumugi-activity');
let last = Date.now();
let told = 0;
/** When the server last heard of somebody. */
let counted = Date.now();
const before = typeof sessionStorage === 'undefined' ? 0 : Number(sessionStorage.getItem(HERE));

function keep(): void {
  if (typeof sessionStorage !== 'undefined') sessionStorage.setItem(HERE, String(last));
}

export const activity = {
  get last(): number {
    return last;
  },

  get counted(): number {
    return counted;
  },

  count(now: number = Date.now()): void {
    counted = now;
  },

  attended(now: number = Date.now()): boolean {
    return now - last < ATTENDED_MS;
  },

  touch(now: number = Date.now()): void {
    last = now;
    if (now - told > TELL_MS) {
      told = now;
      tabs?.postMessage(now);
      keep();
    }
    for (const listener of listeners) listener();
  },

  /** Whether somebody used this very tab within that time; not after it was closed. */
  lately(milliseconds: number, now: number = Date.now()): boolean {
    return now - before < milliseconds;
  },

  onTouch(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

tabs?.addEventListener('message', ({ data }: MessageEvent<number>) => (last = Math.max(last, data)));

if (typeof document !== 'undefined') {
  const touch = (event: Event) => event.isTrusted && activity.touch();
  for (const type of ['pointerdown', 'keydown', 'wheel', 'touchmove'])
    document.addEventListener(type, touch, { capture: true, passive: true });
  window.addEventListener('pagehide', keep);
  document.addEventListener('visibilitychange', keep);
}
