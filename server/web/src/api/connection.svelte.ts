/** Whether the server can be reached, as far as the last call tells. */
class Connection {
  online = $state(typeof navigator === 'undefined' || navigator.onLine);
  #listeners = new Set<() => void>();

  constructor() {
    if (typeof window === 'undefined') return;
    window.addEventListener('offline', () => this.lost());
    window.addEventListener('online', () => this.reached());
  }

  lost(): void {
    this.online = false;
  }

  reached(): void {
    const returned = !this.online;
    this.online = true;
    if (returned) for (const listener of this.#listeners) listener();
  }

  /** Calls back each time the connection returns; the answer stops it. */
  onReturn(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

export const connection = new Connection();
