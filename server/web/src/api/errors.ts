/**
 * What the server refuses arrives as problem+json; everything that can go wrong with a call is one
 * `ApiError` here, with the stable code that the message catalogues translate.
 */
import { m } from '#i18n/index.svelte.ts';
import type { Problem } from './types.ts';

export interface FieldProblem {
  field: string;
  code: string;
  message: string;
}

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: FieldProblem[];
  readonly requestId: string | null;
  readonly retryAfter: number | null;

  constructor(status: number, code: string, problem: Partial<Problem> = {}, requestId: string | null = null) {
    super(`${status} ${code}`);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.fields = problem.fields ?? [];
    this.requestId = requestId;
    this.retryAfter = problem.retry_after ?? null;
  }

  /** No answer came: no signal, or the server cannot be reached. */
  get offline(): boolean {
    return this.status === 0;
  }

  /** Sending the same thing again later may succeed. */
  get transient(): boolean {
    return (
      this.status === 0 ||
      this.status === 401 ||
      this.status === 408 ||
      this.status === 429 ||
      this.status >= 500
    );
  }

  /** The thing is not there, or not for this person; both look the same. */
  get hidden(): boolean {
    return this.status === 404 || this.status === 403;
  }
}

export function offlineError(): ApiError {
  return new ApiError(0, 'offline');
}

export async function problemFrom(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const problem = typeof body === 'object' && body !== null ? (body as Partial<Problem>) : {};
  return new ApiError(
    response.status,
    problem.code ?? fallbackCode(response.status),
    problem,
    requestIdOf(response),
  );
}

export function toApiError(reason: unknown): ApiError {
  return reason instanceof ApiError
    ? reason
    : new ApiError(0, reason instanceof TypeError ? 'offline' : 'internal');
}

/** What happened, in the reader's language. */
export function errorText(error: ApiError | { code: string }): string {
  const texts: Record<string, string> = m.errors;
  // Those of files come with the pages that show files.
  const ofFiles: Record<string, string> | undefined = m.fileProblems;
  return texts[error.code] ?? ofFiles?.[error.code] ?? m.errors.internal;
}

/** The message for one form field, or null. The server's own words are the last resort. */
export function fieldText(error: ApiError | null, field: string): string | null {
  const problem = error?.fields.find((entry) => entry.field === field || entry.field.startsWith(`${field}[`));
  if (!problem) return null;
  const texts: Record<string, string> = m.fieldErrors;
  return texts[problem.code] ?? problem.message;
}

export function requestIdOf(response: Response): string | null {
  return response.headers.get('X-Request-Id');
}

function fallbackCode(status: number): string {
  if (status === 401) return 'unauthenticated';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  if (status === 429) return 'rate_limited';
  return status >= 500 ? 'unavailable' : 'internal';
}
