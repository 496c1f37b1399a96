/** Something that a button does: whether it is under way, and what went wrong last. */
import { toApiError, type ApiError } from './errors.ts';

export class Action {
  working = $state(false);
  error = $state.raw<ApiError | null>(null);

  /** Whether it succeeded. A second tap while it is under way does nothing. */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    if (this.working) return false;
    this.working = true;
    this.error = null;
    try {
      await work();
      return true;
    } catch (reason) {
      this.error = toApiError(reason);
      return false;
    } finally {
      this.working = false;
    }
  }
}
