/** Registers the service worker and knows when a newer one waits. */
import { drafts } from '#api/drafts.ts';

class Updates {
  waiting = $state.raw<ServiceWorker | null>(null);

  async start(): Promise<void> {
    if (!('serviceWorker' in navigator)) return;
    const registration = await navigator.serviceWorker.register('/service-worker.js', { type: 'module' });
    this.#offer(registration);
    registration.addEventListener('updatefound', () => {
      const worker = registration.installing;
      worker?.addEventListener('statechange', () => this.#offer(registration));
    });
  }

  dismiss(): void {
    this.waiting = null;
  }

  apply(): void {
    const worker = this.waiting;
    if (!worker) return;
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    void drafts.flush().then(() => worker.postMessage('take_over'));
  }

  /** The first installation is no update: nothing is controlled yet. */
  #offer(registration: ServiceWorkerRegistration): void {
    if (registration.waiting && navigator.serviceWorker.controller) this.waiting = registration.waiting;
  }
}

export const updates = new Updates();
