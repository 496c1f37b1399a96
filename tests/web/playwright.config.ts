import { defineConfig } from '@playwright/test';

/** Journeys against a running server: `TSUMUGI_WEB_BASE_URL`, with the people in `TSUMUGI_WEB_ACCOUNTS`. */
export default defineConfig({
  testDir: 'journeys',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  // Several people at several devices take part in a journey, on machines that do other things at the same time.
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    baseURL: process.env['TSUMUGI_WEB_BASE_URL'] ?? 'http://localhost:8080',
    locale: 'ja-JP',
    timezoneId: 'Asia/Tokyo',
    viewport: { width: 1180, height: 820 },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env['TSUMUGI_WEB_CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
    },
  },
});
