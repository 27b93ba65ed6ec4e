import type { Page } from '@playwright/test';
import { ask, join, newName, PASSWORD, requestFriendship, visit } from './service';
import { expect, footprints, NO_NETWORK, said, test } from './site';

async function signUp(page: Page, nickname: string) {
  const username = newName();
  await page.getByRole('link', { name: 'Make an account' }).click();
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Nickname').fill(nickname);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByLabel('Date of birth').fill('1986-04-01');
  await page.getByRole('button', { name: 'Join' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: /^\w{4}-\w{4}/ })).toHaveCount(10);
  await page.getByRole('button', { name: 'I have them' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What your friends write');
  return username;
}

const link = (page: Page, name: string | RegExp) =>
  page.getByRole('navigation').getByRole('link', { name });

test('from sign-up to a live footprint, between two browsers', async ({ open }) => {
  const hana = await open('/');
  const taro = await open('/');
  const hanaName = await signUp(hana, 'Hana');
  const taroName = await signUp(taro, 'Taro');

  // Hana looks at her footprints: there are none. Taro searches for her, and visits her page.
  await link(hana, 'Footprints').click();
  await expect(hana.getByText('Nobody has been here yet.')).toBeVisible();
  await link(taro, 'People').click();
  await taro.getByLabel('Name or user name').fill(hanaName);
  await taro.getByRole('button', { name: 'Search' }).click();
  await taro.getByRole('link', { name: 'Hana' }).click();
  await expect(taro.getByText('You left a footprint.')).toBeVisible();

  // It is there, without a reload, and said to who does not see it.
  await expect(footprints(hana)).toHaveText(['Taro']);
  await expect(said(hana)).toHaveText('Taro was on your page.');
  await expect(hana.locator('.footprints .meta')).toContainText('from a search');
  await expect(hana.getByText('Visits so far: 1')).toBeVisible();

  // He asks to be friends; she is told, and accepts.
  await taro.getByRole('button', { name: 'Ask to be friends' }).click();
  await expect(said(taro)).toHaveText('You asked to be friends');
  await expect(said(hana)).toHaveText('Taro asks you to be friends.');
  await link(hana, 'Requests 1 new').click();
  await hana.getByRole('button', { name: 'Accept: Taro' }).click();
  await expect(said(hana)).toHaveText('You and Taro are friends now.');
  await expect(hana.getByText('No request waits for you.')).toBeVisible();
  await expect(link(hana, 'Requests')).toBeVisible();

  // She visits him in turn. The page follows the cache: they are friends already.
  await link(hana, 'Footprints').click();
  await hana.getByRole('link', { name: 'Taro' }).click();
  await expect(hana.getByText('Your friend')).toBeVisible();
  await expect(hana).toHaveURL(new RegExp(`/users/${taroName}$`));
  await expect(said(taro)).toHaveText('Hana was on your page.');
  await expect(link(taro, 'Footprints 1 new')).toBeVisible();

  // A visit again within five minutes changes nothing.
  await link(hana, 'Footprints').click();
  await hana.getByRole('link', { name: 'Taro' }).click();
  await expect(hana.getByRole('heading', { level: 1 })).toHaveText('Taro’s page');
  await expect(hana.getByText('You left a footprint.')).toHaveCount(0);
  await link(taro, 'Footprints 1 new').click();
  await expect(footprints(taro)).toHaveText(['Hana']);
  await expect(link(taro, 'Footprints')).toBeVisible();
});

/** What the page asked of the socket: the cursors from which on it wants footprints. */
function subscriptions(page: Page) {
  const cursors: (string | undefined)[] = [];
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      const message = JSON.parse(String(payload)) as {
        type: string;
        payload?: { operationName?: string; variables: { after?: string } };
      };
      if (message.type === 'subscribe' && message.payload?.operationName === 'FootprintLeft')
        cursors.push(message.payload.variables.after);
    }),
  );
  return cursors;
}

test('what came while the network was away arrives, once, in order', async ({ open, expected }) => {
  expected.push(NO_NETWORK);
  const [hana, ...visitors] = await Promise.all(['Hana', 'A', 'B', 'C', 'D', 'E'].map(join));
  const [a, b, c, d, e] = visitors;
  if (!hana || !a || !b || !c || !d || !e) throw new Error();
  await visit(a, hana);

  const page = await open('/people', { as: hana });
  const cursors = subscriptions(page);
  await page.reload();
  await link(page, 'Footprints 1 new').click();
  await expect(footprints(page)).toHaveText(['A']);
  await expect.poll(() => cursors.length).toBe(1);

  await page.context().setOffline(true);
  await expect(page.getByText('No network.')).toBeVisible();
  for (const visitor of [b, c, d]) await visit(visitor, hana);
  await page.waitForTimeout(1000);
  await expect(footprints(page)).toHaveText(['A']);

  await page.context().setOffline(false);
  await expect(footprints(page)).toHaveText(['D', 'C', 'B', 'A']);
  await expect(said(page)).toHaveText('3 new footprints.');
  await expect(page.getByText('No network.')).toHaveCount(0);
  // It went on behind the last that it had, and asked for nothing twice.
  expect(cursors).toHaveLength(2);
  expect(cursors[1]).toBe(cursors[0]);

  // And then live again; and away once more, from the newest cursor.
  await visit(e, hana);
  await expect(footprints(page)).toHaveText(['E', 'D', 'C', 'B', 'A']);
  await page.context().setOffline(true);
  await expect(page.getByText('No network.')).toBeVisible();
  await page.context().setOffline(false);
  await expect.poll(() => cursors.length).toBe(3);
  expect(cursors[2]).not.toBe(cursors[1]);
  // A visit within five minutes brings nothing, and nothing that was there comes again.
  await visit(a, hana);
  await page.waitForTimeout(1000);
  await expect(footprints(page)).toHaveText(['E', 'D', 'C', 'B', 'A']);
  await page.reload();
  await expect(footprints(page)).toHaveText(['E', 'D', 'C', 'B', 'A']);
});

test('the first footprint of all is not lost while the network is away', async ({
  open,
  expected,
}) => {
  expected.push(NO_NETWORK);
  const [hana, taro, ume] = await Promise.all([join('Hana'), join('Taro'), join('Ume')]);
  const page = await open('/footprints', { as: hana });
  await expect(page.getByText('Nobody has been here yet.')).toBeVisible();
  await page.context().setOffline(true);
  await expect(page.getByText('No network.')).toBeVisible();
  await visit(taro, hana);
  await requestFriendship(taro, hana);
  await page.context().setOffline(false);
  await expect(footprints(page)).toHaveText(['Taro']);
  await expect(link(page, 'Requests 1 new')).toBeVisible();
  await visit(ume, hana);
  await expect(footprints(page)).toHaveText(['Ume', 'Taro']);
});

test('a visit that is only counted is in no list', async ({ open }) => {
  const [hana, quiet] = await Promise.all([join('Hana'), join('Quiet')]);
  const policy = `mutation ($input: SetFootprintPolicyInput!) {
    setFootprintPolicy(input: $input) { footprintPolicy } }`;
  await ask(policy, { input: { policy: 'ANONYMOUS' } }, quiet.token);
  const page = await open('/footprints', { as: hana });
  await expect(page.getByText('Visits so far: 0')).toBeVisible();
  await visit(quiet, hana);
  await page.waitForTimeout(1000);
  await expect(footprints(page)).toHaveCount(0);
  await page.reload();
  await expect(page.getByText('Visits so far: 1')).toBeVisible();
  await expect(page.getByText('Nobody has been here yet.')).toBeVisible();
});

test('a subscription that is put off for want of points goes on from where it was', async ({
  open,
}) => {
  const [hana, taro, ume] = await Promise.all([join('Hana'), join('Taro'), join('Ume')]);
  await visit(taro, hana);
  const page = await open('/sign-in');
  let refused = 0;
  await page.routeWebSocket('**/graphql', (socket) => {
    const service = socket.connectToServer();
    socket.onMessage((text) => {
      const { id, type, payload } = JSON.parse(String(text)) as {
        id: string;
        type: string;
        payload?: { operationName?: string };
      };
      const isOurs = type === 'subscribe' && payload?.operationName === 'FootprintLeft';
      if (!isOurs || refused > 0) {
        service.send(text);
        return;
      }
      refused += 1;
      const errors = [{ message: '…', extensions: { code: 'THROTTLED', retryAfter: 2 } }];
      socket.send(JSON.stringify({ id, type: 'error', payload: errors }));
    });
  });
  await page.getByLabel('User name').fill(hana.username);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect.poll(() => refused).toBe(1);
  await visit(ume, hana);
  await link(page, 'Footprints').click();
  await expect(footprints(page)).toHaveText(['Ume', 'Taro']);
});
