import { ask, befriend, join, requestFriendship, titlesOf, visit, writeDiary } from './service';
import { expect, NO_NETWORK, said, test } from './site';

const GRAPHQL = '**/graphql';
const operation = (body: string | null) =>
  (JSON.parse(body ?? '{}') as { operationName?: string }).operationName;

test('a diary is there at once, and once it is up it can be opened', async ({ open }) => {
  const page = await open('/diaries', { as: await join('Hana') });
  await expect(page.getByText('You have written nothing yet.')).toBeVisible();
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((done) => {
    answer = done;
  });
  await page.route(GRAPHQL, async (route) => {
    if (operation(route.request().postData()) === 'WriteDiary') await answered;
    await route.continue();
  });
  await page.getByLabel('Title').fill('Sunday');
  await page.getByLabel('Text', { exact: true }).fill('Rain.');
  await page.getByRole('button', { name: 'Put it up' }).click();

  const articles = page.getByRole('article');
  await expect(articles).toContainText(['Sunday']);
  await expect(articles.getByText('Being put up…')).toBeVisible();
  await expect(articles.getByRole('link')).toHaveCount(0);
  await expect(page.getByLabel('Title')).toHaveValue('');

  answer();
  await expect(said(page)).toHaveText('It is up.');
  await expect(articles).toHaveCount(1);
  await articles.getByRole('link', { name: 'Sunday' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sunday');

  await page.getByLabel('Your comment').fill('The first.');
  await page.getByRole('button', { name: 'Comment' }).click();
  await expect(page.getByRole('heading', { level: 2 })).toHaveText('1 comment');
  await expect(page.locator('.comments li')).toContainText(['The first.']);
  await page.goBack();
  await expect(articles).toContainText(['1 comment']);
});

test('one that is refused goes from the list, and its text comes back', async ({ open }) => {
  const hana = await join('Hana');
  const page = await open('/diaries', { as: hana });
  await page.getByLabel('Title').fill('　 '); // blanks: something for the form, nothing for the service
  await page.getByLabel('Text', { exact: true }).fill('Not to be lost.');
  await page.getByRole('button', { name: 'Put it up' }).click();
  await expect(page.getByText('It was not put up. Your text is still here.')).toBeVisible();
  await expect(page.getByRole('article')).toHaveCount(0);
  await expect(page.getByLabel('Text', { exact: true })).toHaveValue('Not to be lost.');
  await expect(page.getByLabel('Title')).toBeFocused();
  await expect(page.getByLabel('Title')).toHaveAccessibleDescription('Write something here.');
  expect(await titlesOf(hana)).toEqual([]);
});

test('an answer that was lost on its way: asked again, written once', async ({
  open,
  expected,
}) => {
  expected.push(NO_NETWORK);
  const hana = await join('Hana');
  const page = await open('/diaries', { as: hana });
  let lost = 0;
  await page.route(GRAPHQL, async (route) => {
    if (operation(route.request().postData()) !== 'WriteDiary' || lost > 0) return route.continue();
    lost += 1;
    await route.fetch(); // it arrives, and is carried out
    await route.abort();
  });
  await page.getByLabel('Title').fill('Once');
  await page.getByLabel('Text', { exact: true }).fill('And not twice.');
  await page.getByRole('button', { name: 'Put it up' }).click();
  await expect(said(page)).toHaveText('It is up.');
  await expect(page.getByRole('article')).toHaveCount(1);
  expect(lost).toBe(1);
  expect(await titlesOf(hana)).toEqual(['Once']);
});

test('no answer gets through: the text stays, and pressing again later writes it once', async ({
  open,
  expected,
}) => {
  expected.push(NO_NETWORK);
  const hana = await join('Hana');
  const page = await open('/diaries', { as: hana });
  await page.getByLabel('Title').fill('Later');
  await page.getByLabel('Text', { exact: true }).fill('When there is a network.');
  // At first nothing leaves; then all of it arrives, and every answer is lost.
  await page.context().setOffline(true);
  const press = () => page.getByRole('button', { name: 'Put it up' }).click();
  await press();
  await expect(page.getByText('The service was not reached.')).toBeVisible();
  await expect(page.getByRole('article')).toHaveCount(0);
  expect(await titlesOf(hana)).toEqual([]);
  await page.context().setOffline(false);
  await page.route(GRAPHQL, async (route) => {
    if (operation(route.request().postData()) !== 'WriteDiary') return route.continue();
    await route.fetch();
    await route.abort();
  });
  await press();
  await expect(page.getByText('The service was not reached.')).toHaveCount(0);
  await expect(page.getByText('The service was not reached.')).toBeVisible();
  expect(await titlesOf(hana)).toEqual(['Later']);
  await page.unroute(GRAPHQL);
  await press();
  await expect(said(page)).toHaveText('It is up.');
  await expect(page.getByRole('article')).toHaveCount(1);
  expect(await titlesOf(hana)).toEqual(['Later']);
});

test('the feed goes on page by page, and has no gap when something new comes', async ({ open }) => {
  const [hana, taro] = await Promise.all([join('Hana'), join('Taro')]);
  await befriend(hana, taro);
  const titles = Array.from({ length: 25 }, (_, index) => `Day ${index + 1}`);
  for (const title of titles) await writeDiary(taro, title);
  titles.reverse();

  const page = await open('/', { as: hana });
  const headings = page.locator('.feed').getByRole('heading');
  await expect(headings).toHaveText(titles.slice(0, 10));
  const more = page.getByRole('button', { name: 'Show more' });
  await more.click();
  await expect(headings).toHaveText(titles.slice(0, 20));
  await more.click();
  await expect(headings).toHaveText(titles);
  await expect(more).toHaveCount(0);
  await expect(page.getByText('That is all.')).toBeFocused();

  // Twelve more: the first page no longer joins on to the second that was read before.
  const newer = Array.from({ length: 12 }, (_, index) => `Later ${index + 1}`);
  for (const title of newer) await writeDiary(taro, title);
  const all = [...newer.reverse(), ...titles];
  await page.getByRole('link', { name: 'People', exact: true }).click();
  await page.getByRole('link', { name: 'Home', exact: true }).click();
  await expect(headings).toHaveText(all.slice(0, 10));
  await more.click();
  await expect(headings).toHaveText(all.slice(0, 20));
});

test('a page costs one request, and leaves one footprint', async ({ open }) => {
  const [hana, taro] = await Promise.all([join('Hana'), join('Taro')]);
  await writeDiary(hana, 'Not for Taro');
  const page = await open('/', { as: taro });
  await expect(page.getByText('Nothing here yet.')).toBeVisible();
  const asked: (string | undefined)[] = [];
  await page.getByRole('link', { name: 'People', exact: true }).click();
  await page.getByLabel('Name or user name').fill(hana.username);
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.getByRole('link', { name: 'Hana' })).toBeVisible();
  page.on('request', (request) => {
    if (request.url().endsWith('/graphql')) asked.push(operation(request.postData()));
  });
  await page.getByRole('link', { name: 'Hana' }).click();
  await expect(page.getByText('You left a footprint.')).toBeVisible();
  // A diary for friends does not exist for who is none.
  await expect(page.getByText('Nothing here that is for you.')).toBeVisible();
  expect(asked).toEqual(['VisitProfile']);
  const { visitCount } = await ask<{ visitCount: number }>(
    `{ viewer { visitCount } }`,
    {},
    hana.token,
  );
  expect(visitCount).toBe(1);
});

test('a request is declined silently, another taken back', async ({ open }) => {
  const [hana, taro, ume] = await Promise.all([join('Hana'), join('Taro'), join('Ume')]);
  await requestFriendship(taro, hana, 'We met on Sunday.');
  await requestFriendship(hana, ume);
  const page = await open('/requests', { as: hana });
  await expect(page.getByText('We met on Sunday.')).toBeVisible();
  await page.getByRole('button', { name: 'Decline: Taro' }).click();
  await expect(said(page)).toHaveText('Declined. Taro is not told.');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await page.getByRole('button', { name: 'Take back: Ume' }).click();
  await expect(said(page)).toHaveText('The request to Ume is taken back.');
  await expect(page.getByText('You are asking nobody.')).toBeVisible();
  await page.goto(new URL(`/users/${ume.username}`, page.url()).href);
  await expect(page.getByRole('button', { name: 'Ask to be friends' })).toBeVisible();
});

test('points that are used up: it says when to try again', async ({ open, expected }) => {
  expected.push(/status of 429/);
  const [hana, taro] = await Promise.all([join('Hana'), join('Taro')]);
  await visit(taro, hana);
  const page = await open('/people', { as: hana });
  await page.route(GRAPHQL, (route) =>
    operation(route.request().postData()) === 'SearchUsers'
      ? route.fulfill({
          status: 429,
          contentType: 'application/graphql-response+json',
          json: {
            errors: [{ message: 'Too much.', extensions: { code: 'THROTTLED', retryAfter: 40 } }],
          },
        })
      : route.continue(),
  );
  await page.getByLabel('Name or user name').fill('taro');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.getByRole('alert')).toContainText('Try again in 40 seconds.');
  await page.unroute(GRAPHQL);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'Found' })).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
});
