/** Who takes part, read from the file named by `TSUMUGI_WEB_ACCOUNTS`, and how they sign in. */
import { readFileSync } from 'node:fs';
import { test as base, expect, type BrowserContext, type Page } from '@playwright/test';

export interface Person {
  login: string;
  password: string;
  name: string;
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

export async function signIn(page: Page, person: Person): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('ログインID').fill(person.login);
  await page.getByLabel('パスワード', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'サインイン', exact: true }).click();
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
