/**
 * The code that an authenticator app would show now (RFC 6238, SHA-1, 30 seconds, 6 digits). Only for the accounts
 * of the demonstration, whose seeds are public.
 */
const STEP_SECONDS = 30;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function bytesOfBase32(text: string): Uint8Array<ArrayBuffer> {
  const plain = text.toUpperCase().replace(/[^A-Z2-7]/g, '');
  const bytes = new Uint8Array(Math.floor((plain.length * 5) / 8));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const char of plain) {
    held = (held << 5) | ALPHABET.indexOf(char);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (held >> bits) & 0xff;
    held &= (1 << bits) - 1;
  }
  return bytes;
}

export async function codeAt(secret: string, now: number): Promise<string> {
  const hash = { name: 'HMAC', hash: 'SHA-1' };
  const key = await crypto.subtle.importKey('raw', bytesOfBase32(secret), hash, false, ['sign']);
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(Math.floor(now / 1000 / STEP_SECONDS)));
  const digest = new DataView(await crypto.subtle.sign('HMAC', key, counter.buffer));
  const offset = digest.getUint8(digest.byteLength - 1) & 0xf;
  return String((digest.getUint32(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Seconds until the next code. */
export function secondsLeft(now: number): number {
  return STEP_SECONDS - (Math.floor(now / 1000) % STEP_SECONDS);
}
