/**
 * Fresh factors, asked for once: whatever calls the server refuses with `step_up_required` while the question is
 * open wait for the same answer.
 */
class StepUpQuestion {
  open = $state(false);
  #waiting: { promise: Promise<boolean>; resolve: (shown: boolean) => void } | null = null;
  #asker = 0;

  /** Says that somebody is there to ask; without one every question is declined. */
  attend(): () => void {
    this.#asker++;
    return () => {
      this.#asker--;
      if (this.#asker === 0) this.settle(false);
    };
  }

  /** Whether the person has shown the factors again. */
  ask(): Promise<boolean> {
    if (this.#asker === 0) return Promise.resolve(false);
    if (this.#waiting === null) {
      let resolve: (shown: boolean) => void = () => undefined;
      const promise = new Promise<boolean>((done) => (resolve = done));
      this.#waiting = { promise, resolve };
      this.open = true;
    }
    return this.#waiting.promise;
  }

  settle(shown: boolean): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    this.open = false;
    waiting?.resolve(shown);
  }
}

export const stepUp = new StepUpQuestion();
