import type { Page } from '@playwright/test';

/** A photo, as a camera would give it. */
export async function photo(page: Page): Promise<Buffer> {
  const base64 = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 640;
    canvas.height = 480;
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    context.fillStyle = '#e2b19a';
    context.fillRect(0, 0, 640, 480);
    context.fillStyle = '#a33';
    context.fillRect(250, 180, 120, 90);
    return canvas.toDataURL('image/jpeg').split(',')[1] ?? '';
  });
  return Buffer.from(base64, 'base64');
}
