import { describe, expect, it } from 'vitest';
import { backoff } from './backoff.ts';
import { messages } from './events.ts';
import { isUuid, uuidv7 } from './uuid.ts';

function streamOf(...parts: string[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(encoder.encode(part));
      controller.close();
    },
  });
}

describe('the event stream', () => {
  it('is read across chunks, comments are skipped', async () => {
    const found = [];
    const parts = [
      ': hello\n\nid: 7\nevent: post_cre',
      'ated\ndata: {"patient_id":"p"}\n\n: keep\n\n',
      'data: 1\n\n',
    ];
    for await (const message of messages(streamOf(...parts))) found.push(message);
    expect(found).toEqual([
      { id: '7', type: 'post_created', data: '{"patient_id":"p"}' },
      { id: null, type: 'message', data: '1' },
    ]);
  });
  it('comes back later and later, at most after half a minute', () => {
    expect(backoff(0, 0)).toBe(500);
    expect(backoff(3, 1)).toBe(8000);
    expect(backoff(50, 1)).toBe(30_000);
  });
});

describe('ids', () => {
  it('are UUIDv7 and sort by time', () => {
    const [earlier, later] = [uuidv7(1_000_000_000_000), uuidv7(1_000_000_000_001)];
    expect(isUuid(earlier)).toBe(true);
    expect(earlier[14]).toBe('7');
    expect(earlier < later).toBe(true);
    expect(isUuid('../patients')).toBe(false);
  });
});
