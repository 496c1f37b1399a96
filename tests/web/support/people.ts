/** Who takes part, read from the file named by `TSUMUGI_WEB_ACCOUNTS`, and how they sign in. */
import { readFileSync } from 'node:fs';
import { alone, freshCode, nextCode } from './codes.ts';
import { authenticatorOf } from './passkeys.ts';
import { test as base, expect, type BrowserContext, type Page } from '@playwright/test';

export interface Person {
  login: string;
  password: string;
  name: string;
  /** The seed of the authenticator app. */
  totp_secret?: string;
}

export interface Viewport {
  width: number;
  height: number;
}

export type Role =
  | 'administrator'
  | 'auditor'
  | 'care_manager'
  | 'home_helper'
  | 'hospital_nurse'
  | 'outsider'
  | 'physician'
  | 'visiting_nurse';

type Accounts = Record<Role, Person> & {
  patient: { id: string; name: string };
  client: { client_id: string; client_secret: string };
};

const path = process.env['TSUMUGI_WEB_ACCOUNTS'];
if (!path) throw new Error('TSUMUGI_WEB_ACCOUNTS names the JSON file with the accounts');

export const people = JSON.parse(readFileSync(path, 'utf8')) as Accounts;
export const { client, patient } = people;
export const patientPath = `/patients/${patient.id}`;

interface Fixtures {
  /** A device of its own, where nobody has signed in; put away after the journey. */
  device: (viewport?: Viewport) => Promise<Page>;
  /** A person at a device of their own. */
  signedIn: (role: Role, viewport?: Viewport) => Promise<Page>;
}

export const test = base.extend<Fixtures>({
  device: async ({ browser }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (viewport) => {
      const context = await browser.newContext(viewport ? { viewport } : {});
      contexts.push(context);
      return context.newPage();
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
  signedIn: async ({ device }, use) => {
    await use(async (role, viewport) => {
      const page = await device(viewport);
      await signIn(page, people[role]);
      return page;
    });
  },
});

/**
 * With a passkey: one-time codes are good once in thirty seconds, and the same people take part in many journeys.
 * The passkey is made the first time, on a device of its own.
 */
export async function signIn(page: Page, person: Person): Promise<void> {
  await authenticatorOf(page);
  await page.goto('/sign-in');
  await page.getByLabel('ログインID').fill(person.login);
  await withPasskey(page, person, async () => {
    await page.getByRole('button', { name: 'パスキーでサインイン' }).click();
    await expect(page.getByRole('navigation', { name: 'メニュー' })).toBeVisible();
  });
}

/**
 * While `work` goes on, the person has the phone with the passkey in hand. The server compares how often it was used:
 * one of its copies is used at a time, and counts on from the clock, so that a journey that broke off spoils none.
 */
export async function withPasskey(page: Page, person: Person, work: () => Promise<void>): Promise<void> {
  const authenticator = await authenticatorOf(page);
  await alone(person, async (kept) => {
    kept.passkey ??= await makePasskey(page, person, await freshCode(person, kept));
    const signCount = Math.floor((Date.now() - Date.UTC(2026, 0, 1)) / 100);
    await authenticator.holdOnly({ ...kept.passkey, signCount });
    try {
      await work();
    } finally {
      await authenticator.holdOnly();
    }
  });
}

async function makePasskey(page: Page, person: Person, code: string): Promise<Record<string, unknown>> {
  const context = await page.context().browser()?.newContext();
  if (!context) throw new Error('there is no browser for another device');
  const own = await context.newPage();
  const authenticator = await authenticatorOf(own);
  await signInWithCode(own, person, code);
  await own.goto('/settings/security');
  await own.getByRole('button', { name: 'この端末のパスキーを追加' }).click();
  await own.getByRole('dialog').getByRole('button', { name: '次へ' }).click();
  await expect(own.getByText('パスキーを追加しました')).toBeVisible();
  const [passkey] = await authenticator.credentials();
  await context.close();
  if (!passkey) throw new Error('no passkey was made');
  return passkey;
}

/** With password and, on the same page, the code of the app. */
export async function signInWithCode(page: Page, person: Person, code?: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('ログインID').fill(person.login);
  await page.getByLabel('パスワード', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'サインイン', exact: true }).click();
  if (person.totp_secret !== undefined) {
    const field = page.getByLabel('確認コード（6桁）');
    await expect(field).toBeFocused();
    await field.pressSequentially(code ?? (await nextCode(person)));
  }
  await expect(page.getByRole('navigation', { name: 'メニュー' })).toBeVisible();
}

/** Opens the patient the way people do: from the list. */
export async function openPatient(page: Page): Promise<void> {
  await page.goto('/patients');
  await page.getByRole('link', { name: patient.name }).click();
  await expect(page.getByRole('heading', { level: 1, name: patient.name })).toBeVisible();
}

export async function write(page: Page, text: string): Promise<void> {
  await page.getByRole('button', { name: '投稿を書く' }).click();
  await page.getByRole('textbox', { name: '投稿を書く' }).fill(text);
}

/** The card of one post, found by what it says. */
export function postWith(page: Page, text: string | RegExp) {
  return page.locator('article[data-post]').filter({ hasText: text }).first();
}

/** A text that no earlier run has left behind. */
export function unique(text: string): string {
  return `${text}（${crypto.randomUUID().slice(0, 8)}）`;
}
