/**
 * One-time codes, as a person's app would show them. Each is good once, so the workers tell each other through a
 * folder which step was used last, and wait for the next one when they have to.
 */
import { createHash, createHmac } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
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
  const lock = `${name}.lock`;
  while (!(await taken(lock))) await new Promise((resolve) => setTimeout(resolve, 50));
  try {
    const text = await readFile(`${name}.json`, 'utf8').catch(() => '{}');
    const kept = JSON.parse(text) as Kept;
    try {
      return await work(kept);
    } finally {
      await writeFile(`${name}.json`, JSON.stringify(kept));
    }
  } finally {
    await rm(lock);
  }
}

/** The lock holds the number of its worker; one whose worker is gone counts no more. */
async function taken(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const holder = Number(await readFile(lock, 'utf8').catch(() => ''));
    if (holder > 0 && holder !== process.pid && !alive(holder)) await rm(lock, { force: true });
    return false;
  }
}

function alive(process_id: number): boolean {
  try {
    return process.kill(process_id, 0);
  } catch {
    return false;
  }
}

export interface Kept {
  /** The time step of the code that was used last. */
  step?: number;
  /** A passkey of the person, as the virtual authenticator gives it out. */
  passkey?: Record<string, unknown>;
  /** A session for calls without a page, and when its factors were shown. */
  session?: { token: string; shown: number };
}

/**
 * A code that has not been used; only inside `alone`. When the one of this moment has, the phone's clock is a step
 * ahead, which the server allows for.
 */
export async function freshCode(person: Person, kept: Kept): Promise<string> {
  const now = () => Math.floor(Date.now() / STEP);
  const step = Math.max(now(), (kept.step ?? 0) + 1);
  while (now() + 1 < step) await new Promise((resolve) => setTimeout(resolve, 500));
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
