// Drives the page in a real browser, against a running server with the demo community. See the README.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { PASSWORD, graphql, signIn, withSecondFactor } from './api.mjs';
import * as browser from './browser.mjs';
import { button, editorHas, openTab, run, setEditor, tabs } from './browser.mjs';

const { ASHIATO_URL, ASHIATO_SCREENSHOT } = process.env;
const examples = new URL('../src/examples/', import.meta.url);
let page;

before(async () => {
  assert(
    ASHIATO_URL,
    'ASHIATO_URL is not set: give the address of a running server with the demo community, such as http://127.0.0.1:8000.',
  );
  page = await browser.open(ASHIATO_URL);
});

after(browser.close);

test('fifteen example tabs are open', async () => {
  const files = (await readdir(examples)).filter((file) => file.endsWith('.graphql')).sort();
  const names = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(new URL(file, examples), 'utf8');
      return /^(?:query|mutation|subscription) (\w+)/m.exec(text)[1];
    }),
  );
  await tabs().first().waitFor();
  assert.equal(names.length, 16);
  assert.deepEqual(await tabs().allTextContents(), names);
  await editorHas('variables.json', '"hanako"');
});

test('a query runs signed out', async () => {
  await openTab('Profile');
  await run();
  await editorHas('response.json', '"username": "taro"');
});

test('the sign-in panel tells of a wrong password', async () => {
  await page.getByLabel('Password').fill('wrong');
  await button('Sign in').click();
  await page.getByRole('alert').filter({ hasText: /\w/ }).waitFor();
  assert.equal(await editorHas('request-headers.json'), '');
});

test('the sign-in panel puts the token into the headers of every tab', async () => {
  await page.getByLabel('Password').fill(PASSWORD);
  await button('Sign in').click();
  await page.getByRole('status').filter({ hasText: '@hanako' }).waitFor();
  await editorHas('request-headers.json', '"Authorization": "Bearer ');
  await button('New tab').click();
  await editorHas('request-headers.json', '"Authorization": "Bearer ');
  await page.locator('.graphiql-tab-active .graphiql-tab-close').click();
});

test('an example answers what only the viewer sees', async () => {
  await openTab('WhoAmI');
  await editorHas('request-headers.json', '"Authorization": "Bearer ');
  await run();
  await editorHas('response.json', '"username": "hanako"');
  if (!ASHIATO_SCREENSHOT) return;
  await button('Show GraphiQL Explorer').click();
  await page.locator('.graphiql-explorer-root').getByText('friendCount').first().waitFor();
  await page.evaluate(() => document.activeElement.blur());
  await page.screenshot({ path: ASHIATO_SCREENSHOT });
});

test('the sign-in tab goes on with the session that it begins', async () => {
  await openTab('SignIn');
  const before = await editorHas('request-headers.json', '"Authorization": "Bearer ');
  await run();
  await editorHas('response.json', '"token"');
  let now = before;
  for (let tries = 0; now === before && tries < 50; tries += 1) {
    await page.waitForTimeout(100);
    now = await editorHas('request-headers.json', '"Authorization": "Bearer ');
  }
  assert.notEqual(now, before);
  await openTab('WhoAmI');
  await run();
  await editorHas('response.json', '"username": "hanako"');
});

test('the subscription tab receives the footprint that another client leaves', async () => {
  const taro = await signIn('taro');
  const { viewer } = await graphql(
    'query { viewer { footprints(first: 1) { edges { cursor } } } }',
    await signIn('hanako'),
  );
  const cursor = viewer.footprints.edges[0]?.cursor ?? null;
  await openTab('WatchFootprints');
  // From the newest footprint on, so that a visit that overtakes the subscription is not missed.
  await setEditor('variables.json', JSON.stringify({ after: cursor }));
  const subscribed = page
    .waitForEvent('websocket')
    .then((socket) =>
      socket.waitForEvent('framesent', ({ payload }) => payload.includes('"subscribe"')),
    );
  await run();
  await subscribed;
  const { visitProfile } = await graphql(
    'mutation { visitProfile(input: { username: "hanako", origin: SEARCH }) { leftFootprint } }',
    taro,
  );
  assert(
    visitProfile.leftFootprint,
    'taro left no footprint. A visit within 5 minutes of the last changes nothing: start from a fresh demo.',
  );
  await editorHas('response.json', '"footprintLeft"', '"username": "taro"');
});

test('a reload keeps the token, doubles no changed tab and brings back no closed one', async () => {
  await openTab('WriteDiary');
  await setEditor('operation.graphql', 'query Changed { viewer { visitCount } }');
  await tabs().getByText('Changed').waitFor();
  await page.reload();
  await tabs().first().waitFor();
  assert.equal(await tabs().count(), 16);

  await page.locator('.graphiql-tab-active .graphiql-tab-close').click();
  await page.waitForFunction(
    () => JSON.parse(localStorage.getItem('graphiql:tabState')).tabs.length === 15,
  );
  const names = await tabs().allTextContents();
  await page.reload();
  await tabs().first().waitFor();
  assert.deepEqual(await tabs().allTextContents(), names);
  await editorHas('request-headers.json', '"Authorization": "Bearer ');
});

test('the documentation shows the descriptions of the schema', async () => {
  const { __type: query } = await graphql(
    '{ __type(name: "Query") { fields { name description } } }',
  );
  const { description } = query.fields.find(({ name }) => name === 'viewer');
  await button('Show Documentation Explorer').click();
  const docs = page.getByRole('region', { name: 'Documentation Explorer' });
  await docs.getByRole('link', { name: 'Query' }).click();
  const plain = (text) => text.replace(/[`*_\s]+/g, ' ').trim();
  await docs.getByRole('link', { name: 'viewer', exact: true }).waitFor();
  assert(plain(await docs.innerText()).includes(plain(description.split('\n\n')[0])));
});

test('signing out removes the token from every tab', async () => {
  await button('Show Sign in').click();
  await page.getByRole('status').filter({ hasText: '@hanako' }).waitFor();
  await button('Sign out').click();
  await page.getByRole('status').filter({ hasText: 'Signed out' }).waitFor();
  assert.equal(await editorHas('request-headers.json'), '');
  await page.waitForFunction(() => !localStorage.getItem('graphiql:tabState').includes('Bearer'));
});

test('the sign-in panel asks for the second factor where there is one', async () => {
  const { username, recoveryCode } = await withSecondFactor();
  const factor = page.getByLabel('Second factor');
  const alert = page.getByRole('alert');
  await page.getByLabel('User name').fill(username);
  // Not before the password has shown to be right.
  await page.getByLabel('Password').fill('wrong');
  await button('Sign in').click();
  await alert.filter({ hasText: 'password are wrong' }).waitFor();
  assert.equal(await factor.count(), 0);
  await page.getByLabel('Password').fill(PASSWORD);
  await button('Sign in').click();
  await factor.waitFor();
  assert(await factor.evaluate((input) => input === document.activeElement));
  await alert.filter({ hasText: 'authenticator app' }).waitFor();
  await factor.fill('nonsense');
  await button('Sign in').click();
  await alert.filter({ hasText: 'code is wrong' }).waitFor();
  assert.equal(await editorHas('request-headers.json'), '');
  await factor.fill(recoveryCode);
  await button('Sign in').click();
  await page.getByRole('status').filter({ hasText: `@${username}` }).waitFor();
  await editorHas('request-headers.json', '"Authorization": "Bearer ');
  await button('Sign out').click();
  await page.getByRole('status').filter({ hasText: 'Signed out' }).waitFor();
  assert.equal(await factor.count(), 0);
});

test('nothing was asked of another host, and the console has no error', () => {
  assert.deepEqual(browser.foreignRequests, []);
  assert.deepEqual(browser.consoleErrors, []);
});
