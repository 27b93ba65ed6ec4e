// Reads /docs in a real browser, against a running server.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as browser from './browser.mjs';

const { ASHIATO_URL, ASHIATO_DOCS_SCREENSHOT } = process.env;
let page;

before(async () => {
  assert(ASHIATO_URL, 'ASHIATO_URL is not set: give the address of a running server, such as http://127.0.0.1:8000.');
  page = await browser.open(new URL('/docs/', ASHIATO_URL).href);
});

after(browser.close);

const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

test('guides come first, then everything that the schema has', async () => {
  await page.getByRole('heading', { name: 'Ashiato', level: 1 }).waitFor();
  for (const name of ['A first query', 'Live events', 'Who sees what', 'What changes']) {
    await page.getByRole('heading', { name, exact: true }).waitFor();
  }
  if (ASHIATO_DOCS_SCREENSHOT) await page.screenshot({ path: ASHIATO_DOCS_SCREENSHOT });
  for (const id of ['mutation-visitProfile', 'query-viewer', 'subscription-footprintLeft', 'definition-Footprint']) {
    assert.equal(await page.locator(`#${id}`).count(), 1, id);
  }
  const said = await page.locator('#subscription-footprintLeft').innerText();
  assert.match(said, /nothing is missing and nothing comes\s+twice/);
});

test('code stands as it was written', async () => {
  const code = page.locator('pre', { hasText: 'async function ask' });
  const lines = (await code.innerText()).split('\n');
  assert.equal(lines[1], '  const answer = await fetch("/graphql", {');
  assert(lines.some((line) => line.includes('$username: String!')));
});

test('a link leads to its type, within the page', async () => {
  const link = page.locator('#subscription-footprintLeft').getByRole('link', { name: 'FootprintEdge!' }).first();
  await link.click();
  await page.waitForFunction(() => location.hash === '#definition-FootprintEdge');
  await page.waitForFunction(() => {
    const top = document.getElementById('definition-FootprintEdge').getBoundingClientRect().top;
    return top > -10 && top < innerHeight / 2;
  });
});

test('it is light and dark, as the reader has it', async () => {
  const light = await background();
  await page.emulateMedia({ colorScheme: 'dark' });
  assert.notEqual(await background(), light);
  await page.emulateMedia({ colorScheme: 'light' });
});

test('nothing is wider than the window of a telephone', async () => {
  await page.setViewportSize({ width: 375, height: 700 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert(wide <= 375, `${wide}`);
});

test('nothing was asked of another host, and the console has no error', async () => {
  assert.deepEqual(browser.foreignRequests, []);
  assert.deepEqual(browser.consoleErrors, []);
});
