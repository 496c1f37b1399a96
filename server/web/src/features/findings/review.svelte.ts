/** One finding under review. It is not kept on the device: who is named in it is nobody else's business. */
import { toApiError, type ApiError } from '#api/errors.ts';
import type { FindingDetail } from '#api/findings.types.ts';
import { findFinding } from './queries.ts';

export class Review {
  finding = $state.raw<FindingDetail | null>(null);
  error = $state.raw<ApiError | null>(null);
  loading = $state(false);
  readonly id: string;

  constructor(id: string) {
    this.id = id;
  }

  async load(): Promise<void> {
    this.loading = true;
    try {
      this.finding = await findFinding(this.id);
      this.error = null;
    } catch (reason) {
      this.error = toApiError(reason);
    } finally {
      this.loading = false;
    }
  }
}
