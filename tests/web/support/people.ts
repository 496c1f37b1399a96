/** Who takes part, read from the file named by `TSUMUGI_WEB_ACCOUNTS`, and how they sign in. */
import { readFileSync } from 'node:fs';
import { expect, type Browser, type Page } from '@playwright/test';

export interface Person {
  login: string;
  password: string;
  name: string;
}

export type Role = 'care_manager' | 'visiting_nurse' | 'outsider' | 'auditor' | 'administrator' | 'hospital_nurse';

type Accounts = Record<Role, Person> & { patient: { id: string; name: string } };

const path = process.env['TSUMUGI_WEB_ACCOUNTS'];
if (!path) throw new Error('TSUMUGI_WEB_ACCOUNTS names the JSON file with the accounts');

export const people = JSON.parse(readFileSync(path, 'utf8')) as Accounts;
export const patient = people.patient;
export const patientPath = `/patients/${patient.id}`;

/** A person at a device of their own. */
export async function signedIn(browser: Browser, role: Role, viewport?: { width: number; height: number }): Promise<Page> {
  const context = await browser.newContext(viewport ? { viewport } : {});
  const page = await context.newPage();
  await signIn(page, people[role]);
  return page;
}

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
