/** Sending a file by tus: through the one client, so that tokens, purpose and devices are as everywhere. */
import type { HttpRequest, HttpResponse, HttpStack } from 'tus-js-client';
import { authorizedFetch } from './client.ts';
import { ApiError, toApiError } from './errors.ts';

/** Bytes of one request: what a broken connection may cost. */
const STEP = 1024 * 1024;

/** Whom a file is sent for. */
export type Place = { patientId: string } | { roomId: string };

export interface Sending {
  id: string;
  /** For a patient, when not for a room. */
  patientId?: string;
  /** For a room, when not for a patient. */
  roomId?: string;
  name: string;
  type: string;
  derivedFrom: string | null;
  /** Whether the server knows it already. */
  begun: boolean;
}

interface Heard {
  onbegun: () => void;
  onprogress: (sent: number) => void;
}

function beginPath({ patientId, roomId }: Sending): string {
  return roomId ? `/v1/rooms/${roomId}/attachments` : `/v1/patients/${patientId}/attachments`;
}

export const uploadPath = (id: string): string => `/v1/attachments/${id}/upload`;

/** Sends a file, or what is missing of it. Fails as `ApiError`. */
export async function send(file: Blob, what: Sending, heard: Heard): Promise<void> {
  const { Upload } = await import('tus-js-client');
  return new Promise((resolve, reject) => {
    const upload = new Upload(file, {
      endpoint: `${location.origin}${beginPath(what)}`,
      uploadUrl: what.begun ? `${location.origin}${uploadPath(what.id)}` : null,
      metadata: {
        id: what.id,
        filename: what.name,
        filetype: what.type,
        ...(what.derivedFrom && { derived_from: what.derivedFrom }),
      },
      chunkSize: STEP,
      retryDelays: [0, 1000, 3000],
      storeFingerprintForResuming: false,
      httpStack: stack,
      onShouldRetry: (error) => [409, 423].includes(error.originalResponse?.getStatus() ?? 0),
      onUploadUrlAvailable: heard.onbegun,
      onProgress: heard.onprogress,
      onSuccess: () => resolve(),
      onError: (error) => reject(problemOf(error)),
    });
    upload.start();
  });
}

/** What the server says of a file; asked by the app, not by somebody who sits before it. */
export async function lookAt(
  id: string,
): Promise<{ state: string; refusal?: { code: string } | null } | null> {
  const headers = { 'Tsumugi-Unattended': 'true' };
  const answer = await authorizedFetch(new Request(`/v1/attachments/${id}`, { headers }));
  return answer.ok ? answer.json() : null;
}

/** Tells the server that a file will not come. What it has taken whole stays there. */
export async function giveUp(id: string): Promise<void> {
  const headers = { 'Tus-Resumable': '1.0.0' };
  await authorizedFetch(new Request(uploadPath(id), { method: 'DELETE', headers }));
}

function problemOf(error: unknown): ApiError {
  if (!(error instanceof Error && 'originalResponse' in error)) return toApiError(error);
  const response = error.originalResponse as HttpResponse | null;
  if (response === null) return toApiError('causingError' in error ? error.causingError : error);
  let code = 'internal';
  try {
    code = (JSON.parse(response.getBody()) as { code?: string }).code ?? code;
  } catch {
    // An answer to HEAD has no body.
  }
  return new ApiError(response.getStatus(), code);
}

const stack: HttpStack = {
  getName: () => 'tsumugi',
  createRequest: (method, url) => new Call(method, url),
};

class Call implements HttpRequest {
  readonly #headers = new Headers();
  readonly #abort = new AbortController();
  readonly #method: string;
  readonly #url: string;
  #progress: (sent: number) => void = () => undefined;

  constructor(method: string, url: string) {
    this.#method = method;
    this.#url = url;
  }

  getMethod = () => this.#method;
  getURL = () => this.#url;
  getHeader = (name: string) => this.#headers.get(name) ?? undefined;
  setHeader = (name: string, value: string) => this.#headers.set(name, value);
  setProgressHandler = (handler: (sent: number) => void) => (this.#progress = handler);
  getUnderlyingObject = () => undefined;

  abort(): Promise<void> {
    this.#abort.abort();
    return Promise.resolve();
  }

  async send(body: Blob | null = null): Promise<HttpResponse> {
    const { signal } = this.#abort;
    const request = new Request(this.#url, { method: this.#method, headers: this.#headers, body, signal });
    const response = await authorizedFetch(request);
    const text = await response.text();
    if (response.ok && body) this.#progress(body.size);
    return {
      getStatus: () => response.status,
      getHeader: (name) => response.headers.get(name) ?? undefined,
      getBody: () => text,
      getUnderlyingObject: () => response,
    };
  }
}
