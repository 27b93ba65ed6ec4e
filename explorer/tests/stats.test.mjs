// Looks at /stats in a real browser, against a running server with the demo community.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { graphql } from './api.mjs';
import * as browser from './browser.mjs';

const { ASHIATO_URL, ASHIATO_STATS_SCREENSHOT } = process.env;
let page;

before(async () => {
  assert(
    ASHIATO_URL,
    'ASHIATO_URL is not set: give the address of a running server with the demo community, such as http://127.0.0.1:8000.',
  );
  page = await browser.open(new URL('/stats?lang=en', ASHIATO_URL).href);
});

after(browser.close);

const number = (text) => Number(text.replaceAll(',', ''));
const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

test('each chart is drawn, and says what its table and the query do', async () => {
  const { statistics } = await graphql(
    '{ statistics { users months { users } regions { users } devices { operations } } }',
  );
  assert.equal(number(await page.locator('#totals dd').first().innerText()), statistics.users);
  const figures = page.locator('figure');
  assert.equal(await figures.count(), 6);
  for (const figure of await figures.all()) {
    const chart = figure.getByRole('img');
    const { width, height } = await chart.boundingBox();
    assert(width > 300 && height > 20, `${width} x ${height}`);
    // The style that the policy lets through has come: bars have a colour.
    const colour = await chart.locator('rect').first().evaluate((bar) => getComputedStyle(bar).fill);
    assert.notEqual(colour, 'rgb(0, 0, 0)');
    assert.equal(await figure.getByRole('table').count(), 1);
    const rows = await figure.locator('tbody tr').count();
    const drawn = await chart.locator('rect').count();
    assert(rows > 1 && drawn >= rows, `${drawn} for ${rows}`);
  }
  const column = async (id, place) => {
    const cells = page.locator(`#${id} tbody tr td:nth-of-type(${place})`);
    return (await cells.allInnerTexts()).map(number);
  };
  const newestFirst = statistics.months.map(({ users }) => users).reverse();
  assert.deepEqual(await column('growth', 1), newestFirst);
  assert.deepEqual(await column('regions', 1), statistics.regions.map(({ users }) => users));
  assert.deepEqual(await column('devices', 1), statistics.devices.map(({ operations }) => operations));
  if (ASHIATO_STATS_SCREENSHOT) await page.screenshot({ path: ASHIATO_STATS_SCREENSHOT });
});

test('a chart has a name for who hears it, and a long table can be reached by keys', async () => {
  await page.getByRole('img', { name: 'Growth by month' }).waitFor();
  const table = page.getByRole('region', { name: 'Growth by month' });
  await table.focus();
  await page.keyboard.press('End');
  await page.waitForFunction(() => document.activeElement.scrollTop > 0);
});

test('it is light and dark, as the reader has it, and reads in Japanese', async () => {
  const light = await background();
  await page.emulateMedia({ colorScheme: 'dark' });
  assert.notEqual(await background(), light);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.getByRole('link', { name: '日本語' }).click();
  await page.getByRole('heading', { name: 'ユーザー数の推移' }).waitFor();
  await page.getByRole('cell', { name: '東京都' }).or(page.getByRole('rowheader', { name: '東京都' })).waitFor();
});

test('nothing is wider than the window of a telephone', async () => {
  await page.setViewportSize({ width: 375, height: 700 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert(wide <= 375, `${wide}`);
});

test('nothing was asked of another host, nothing ran, and the console has no error', async () => {
  assert.equal(await page.locator('script').count(), 0);
  assert.deepEqual(browser.foreignRequests, []);
  assert.deepEqual(browser.consoleErrors, []);
});
