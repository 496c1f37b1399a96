/**
 * One-time codes, as a person's app would show them. Each is good once, so the workers tell each other through a
 * folder which step was used last, and wait for the next one when they have to.
 */
import { createHash, createHmac } from 'node:crypto';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Person } from './people.ts';

const STEP = 30_000;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const server = process.env['TSUMUGI_WEB_BASE_URL'] ?? 'http://localhost:8080';
const accounts = process.env['TSUMUGI_WEB_ACCOUNTS'] ?? '';
/** What the workers of one run share; another run, with other accounts, has another folder. */
const shared = join(
  tmpdir(),
  `tsumugi-journeys-${createHash('sha256').update(`${server} ${accounts}`).digest('hex').slice(0, 16)}`,
);

/** Runs `work` while no other worker is at the same person, with what was kept of the person before. */
export async function alone<T>(person: Person, work: (kept: Kept) => Promise<T>): Promise<T> {
  await mkdir(shared, { recursive: true });
  const name = join(shared, createHash('sha256').update(`${person.login} ${person.totp_secret}`).digest('hex'));
  for (;;) {
    const taken = await mkdir(`${name}.lock`).then(
      () => true,
      () => false,
    );
    if (taken) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  try {
    const text = await readFile(`${name}.json`, 'utf8').catch(() => '{}');
    const kept = JSON.parse(text) as Kept;
    try {
      return await work(kept);
    } finally {
      await writeFile(`${name}.json`, JSON.stringify(kept));
    }
  } finally {
    await rmdir(`${name}.lock`);
  }
}

export interface Kept {
  /** The time step of the code that was used last. */
  step?: number;
  /** A passkey of the person, as the virtual authenticator gives it out. */
  passkey?: Record<string, unknown>;
}

/** A code that has not been used; only inside `alone`. */
export async function freshCode(person: Person, kept: Kept): Promise<string> {
  const now = () => Math.floor(Date.now() / STEP);
  const step = Math.max(now(), (kept.step ?? 0) + 1);
  while (now() < step) await new Promise((resolve) => setTimeout(resolve, 500));
  kept.step = step;
  return codeOf(person.totp_secret ?? '', step);
}

/** A code for whoever needs one outside the page of signing in. */
export function nextCode(person: Person): Promise<string> {
  return alone(person, (kept) => freshCode(person, kept));
}

export function codeOf(secret: string, step = Math.floor(Date.now() / STEP)): string {
  const bits = [...secret].map((char) => ALPHABET.indexOf(char).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', key).update(counter).digest();
  const offset = (digest[19] ?? 0) & 0xf;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
