/**
 * Ends what is on the screen when nobody has touched it for as long as the network allows, and says so a minute
 * before. Reckoned by the clock, so that a device that slept is closed the moment it wakes.
 */
import { activity } from './activity.ts';

const WARNING_MS = 60_000;

interface Options {
  minutes: number;
  onidle: () => void;
  /** Somebody is working without any call: tells the server, well before its own time is over. */
  onalive: () => void;
}

class Idle {
  /** Seconds until the end, shown during the last minute; 0 before. */
  left = $state(0);

  start(options: Options): () => void {
    const limit = options.minutes * 60_000;
    // A short time gets a short warning.
    const warning = Math.min(WARNING_MS, limit / 2);
    let over = false;
    const check = () => {
      if (over) return;
      const now = Date.now();
      const rest = limit - (now - activity.last);
      this.left = rest <= warning ? Math.max(1, Math.ceil(rest / 1000)) : 0;
      if (rest <= 0) {
        over = true;
        this.left = 0;
        options.onidle();
      } else if (activity.last > activity.counted && now - activity.counted > limit / 3) {
        activity.count(now);
        options.onalive();
      }
    };
    const timer = setInterval(check, 1000);
    const stopTouch = activity.onTouch(() => {
      if (this.left > 0) check();
    });
    if (typeof document !== 'undefined') document.addEventListener('visibilitychange', check);
    return () => {
      clearInterval(timer);
      stopTouch();
      if (typeof document !== 'undefined') document.removeEventListener('visibilitychange', check);
      this.left = 0;
    };
  }
}

export const idle = new Idle();
