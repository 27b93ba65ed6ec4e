import { ask, endAllSessions, join, PASSWORD, writeDiary } from './service';
import { expect, test } from './site';

const heading = 'What your friends write';

test('a wrong password is told, and where the token is kept is chosen', async ({ open }) => {
  const hana = await join('Hana');
  const page = await open('/footprints');
  // One comes back to where one was going.
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.getByLabel('User name').fill(hana.username);
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toHaveText('User name or password are wrong.');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/footprints$/);

  const kept = () =>
    page.evaluate(() =>
      [sessionStorage, localStorage].map((kept) => kept.getItem('ashiato:session') !== null),
    );
  expect(await kept()).toEqual([true, false]);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Footprints');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');
  await expect(page.getByText('Your session has ended.')).toHaveCount(0);
  expect(await kept()).toEqual([false, false]);

  await page.getByLabel('User name').fill(hana.username);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByLabel('Stay signed in').check();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
  expect(await kept()).toEqual([false, true]);
  // Signing out in one tab signs out the others.
  const other = await page.context().newPage();
  await other.goto(page.url());
  await expect(other.getByRole('heading', { level: 1 })).toHaveText(heading);
  await other.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');
});

test('a session that ends elsewhere ends here within a moment', async ({ open }) => {
  const hana = await join('Hana');
  const page = await open('/people', { as: hana });
  const socket = await page.waitForEvent('websocket');
  await socket.waitForEvent('framereceived', ({ payload }) => String(payload).includes('ack'));
  await endAllSessions(hana);
  // Without a click: the socket says so.
  await expect(page.getByText('Your session has ended. Sign in again.')).toBeVisible();
  await page.getByLabel('User name').fill(hana.username);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/people$/);
});

test('a token that is no longer good is asked for again', async ({ open, expected }) => {
  expected.push(/status of 401/, /WebSocket connection to .* failed/);
  const hana = await join('Hana');
  const page = await open('/diaries', { as: { ...hana, token: 'nonsense' } });
  await expect(page.getByText('Your session has ended. Sign in again.')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');
});

test('who signs in next sees nothing of who was here before', async ({ open }) => {
  const [hana, taro] = await Promise.all([join('Hana'), join('Taro')]);
  await writeDiary(hana, 'A secret of Hana');
  const page = await open('/diaries', { as: hana });
  await expect(page.getByText('A secret of Hana', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('User name').fill(taro.username);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Diary' }).click();
  await expect(page.getByText('You have written nothing yet.')).toBeVisible();
  await expect(page.getByText('A secret of Hana')).toHaveCount(0);
});

test('the second factor is asked for where there is one, and not before', async ({ open }) => {
  const { username, token } = await join('Hana');
  const { secret } = await ask<{ secret: string }>(
    `mutation ($input: BeginTwoFactorInput!) { beginTwoFactor(input: $input) { secret } }`,
    { input: { password: PASSWORD } },
    token,
  );
  expect(secret).toBeTruthy();
  const page = await open('/sign-in');
  // What the service answers with is played here: a code is good for one sign-in in half a minute.
  await page.route('**/graphql', (route) => {
    const { operationName, variables } = JSON.parse(route.request().postData() ?? '{}') as {
      operationName: string;
      variables: { input: { secondFactor?: string } };
    };
    if (operationName !== 'SignIn' || variables.input.secondFactor === '123456')
      return route.continue();
    const code = variables.input.secondFactor ? 'SECOND_FACTOR_WRONG' : 'SECOND_FACTOR_REQUIRED';
    const userErrors = [{ __typename: 'UserError', code, message: '…', field: null }];
    return route.fulfill({
      json: {
        data: { signIn: { __typename: 'SignInPayload', token: null, user: null, userErrors } },
      },
    });
  });
  const factor = page.getByLabel('Code of the authenticator app');
  await expect(page.getByLabel('Password')).toBeVisible();
  await expect(factor).toHaveCount(0);
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(factor).toBeFocused();
  await factor.fill('000000');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toHaveText('The code is wrong, or was used already.');
  await factor.fill('123456');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
});

test('a script that got into the page does not run', async ({ open, expected }) => {
  expected.push(/Content Security Policy/, /requires 'Trusted/);
  const page = await open('/', { as: await join('Hana') });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
  const ran = await page.evaluate(async () => {
    const code = 'globalThis.ran = true';
    const script = () => document.body.appendChild(document.createElement('script'));
    const ways = [
      () => script().append(code),
      () => (script().textContent = code),
      () => (script().src = `data:text/javascript,${code}`),
      () => document.body.insertAdjacentHTML('beforeend', `<img src="/none" onerror="${code}">`),
      () => document.body.setAttribute('onclick', code),
      () => document.body.click(),
    ];
    for (const way of ways) {
      try {
        way();
      } catch {
        // refused: so it is to be
      }
    }
    const sent = await fetch('https://example.com/').then(
      () => true,
      () => false,
    );
    return { ran: 'ran' in globalThis, sent };
  });
  expect(ran).toEqual({ ran: false, sent: false });
});
