/** The server's news, as it happens. EventSource cannot send the bearer token, so the stream is read by hand. */
import { backoff } from './backoff.ts';
import { authorizedFetch } from './client.ts';

export interface ServerEvent {
  /** `post_created`, `post_changed`, … or `resumed`: something may have been missed, read again. */
  type: string;
  patientId: string | null;
  postId: string | null;
  roomId?: string | null;
  messageId?: string | null;
  announcementId?: string | null;
}

type Listener = (event: ServerEvent) => void;

const listeners = new Set<Listener>();
let running: AbortController | null = null;
let lastId: string | null = null;

export function onServerEvent(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function startEvents(): () => void {
  running?.abort();
  const controller = new AbortController();
  running = controller;
  void listen(controller.signal);
  return () => controller.abort();
}

async function listen(signal: AbortSignal): Promise<void> {
  let failures = 0;
  let first = true;
  while (!signal.aborted) {
    try {
      const response = await open(signal);
      if (!response.ok || !response.body) throw new Error(String(response.status));
      if (!first) emit({ type: 'resumed', patientId: null, postId: null });
      first = false;
      failures = 0;
      for await (const message of messages(response.body)) dispatch(message);
    } catch {
      failures++;
    }
    if (!signal.aborted) await pause(backoff(failures), signal);
  }
}

function open(signal: AbortSignal): Promise<Response> {
  const headers = new Headers({ Accept: 'text/event-stream', 'Tsumugi-Unattended': 'true' });
  if (lastId !== null) headers.set('Last-Event-ID', lastId);
  return authorizedFetch(new Request('/v1/events', { headers, signal, cache: 'no-store' }));
}

interface Message {
  id: string | null;
  type: string;
  data: string;
}

export async function* messages(body: ReadableStream<Uint8Array>): AsyncGenerator<Message> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += value;
    const blocks = rest.split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const message = parse(block);
      if (message) yield message;
    }
  }
}

function parse(block: string): Message | null {
  const message: Message = { id: null, type: 'message', data: '' };
  for (const line of block.split(/\r?\n/)) {
    const [, field, value = ''] = /^(id|event|data):\s?(.*)$/.exec(line) ?? [];
    if (field === 'id') message.id = value;
    else if (field === 'event') message.type = value;
    else if (field === 'data') message.data += value;
  }
  return message.data === '' ? null : message;
}

function dispatch(message: Message): void {
  if (message.id) lastId = message.id;
  try {
    const data = JSON.parse(message.data) as Partial<Record<string, string | null>>;
    emit({
      type: message.type,
      patientId: data['patient_id'] ?? null,
      postId: data['post_id'] ?? null,
      roomId: data['room_id'] ?? null,
      messageId: data['message_id'] ?? null,
      announcementId: data['announcement_id'] ?? null,
    });
  } catch {
    emit({ type: 'resumed', patientId: null, postId: null });
  }
}

function emit(event: ServerEvent): void {
  for (const listener of listeners) listener(event);
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
    window.addEventListener('online', done, { once: true });
    function done() {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      resolve();
    }
  });
}
