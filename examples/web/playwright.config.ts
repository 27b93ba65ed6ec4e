import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'tests',
  timeout: 120_000,
  expect: { timeout: 30_000 },
  // Two browsers at once are enough for a small machine.
  workers: 1,
  forbidOnly: Boolean(process.env.CI),
  reporter: 'line',
  use: {
    // A phone, as most have it in the hand; a few tests say otherwise.
    viewport: { width: 390, height: 844 },
    locale: 'en-GB',
    launchOptions: {
      // The system's browser: none is downloaded.
      executablePath: process.env.ASHIATO_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
    },
  },
});
