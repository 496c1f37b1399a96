import type { Page } from '@playwright/test';

/**
 * The signal is gone, as in a patient's home. What the app needs has been put on the device before: it does so on the
 * first visit, and how long that takes is not what the journeys are about.
 */
export async function loseSignal(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.context().setOffline(true);
}
