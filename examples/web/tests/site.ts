import { test as base, type BrowserContextOptions, type Page } from '@playwright/test';
import { preview } from 'vite';
import type { Person } from './service';

type Options = BrowserContextOptions & {
  /** Who is signed in from the start, as after a reload. */
  as?: Person;
};

type Site = { address: string };

/**
 * The built site, with its strict policy, on a free port in front of the service at ASHIATO_URL.
 * `open` gives a browser of its own for each call: other storage, another person. At the end no page
 * may have had an error, or have asked another host for anything.
 */
export const test = base.extend<
  { open: (path: string, options?: Options) => Promise<Page>; expected: RegExp[] },
  { site: Site }
>({
  site: [
    async ({}, use) => {
      const server = await preview({ preview: { port: 0, host: '127.0.0.1' }, logLevel: 'silent' });
      const { port } = server.httpServer.address() as { port: number };
      await use({ address: `http://127.0.0.1:${port}` });
      await server.close();
    },
    { scope: 'worker' },
  ],
  // What a test provokes itself, for it to fill.
  expected: async ({}, use) => {
    await use([]);
  },
  open: async ({ browser, site, contextOptions, viewport, locale, expected }, use) => {
    const complaints: string[] = [];
    const contexts: { close: () => Promise<void> }[] = [];
    await use(async (path, { as, ...options } = {}) => {
      const context = await browser.newContext({ ...contextOptions, viewport, locale, ...options });
      contexts.push(context);
      if (as) {
        const session = JSON.stringify({ token: as.token, username: as.username });
        await context.addInitScript((session) => {
          if (sessionStorage.getItem('test:began')) return; // not again after a sign-out
          sessionStorage.setItem('test:began', 'yes');
          sessionStorage.setItem('ashiato:session', session);
        }, session);
      }
      const page = await context.newPage();
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('request', (request) => {
        const { protocol, origin } = new URL(request.url());
        if (protocol.startsWith('http') && origin !== site.address)
          complaints.push(`asked of another host: ${request.url()}`);
      });
      await page.goto(site.address + path);
      return page;
    });
    for (const context of contexts) await context.close();
    const surprises = complaints.filter((text) => !expected.some((known) => known.test(text)));
    test.expect(surprises).toEqual([]);
  },
});

export const expect = test.expect;

/** What the browser itself says in the console when a request does not get through. */
export const NO_NETWORK = /Failed to load resource: net::ERR_|WebSocket connection to .* failed/;

export const said = (page: Page) => page.locator('.announcements [role=status]');
export const footprints = (page: Page) => page.locator('.footprints .name');
